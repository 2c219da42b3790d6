"""Reports of delivery as mail servers write them: alike in what they say, each in a shape of its own."""

from __future__ import annotations

from textwrap import dedent

GONE = "550 5.1.1 User unknown"


def _mail(text: str) -> bytes:
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def postfix(
    message_id: str, recipient: str, *, action: str = "failed", status: str = "5.1.1", said: str = GONE,
    own: str = "20260310120501.4BX7@relay.example.net", original: str = "", also: str = "",
) -> bytes:  # fmt: skip
    """Headers and body of the mail as the third part; `also` is what is said of further recipients."""
    original = original or f"rfc822;{recipient}"
    return _mail(
        f"""
        Return-Path: <>
        Received: by relay.example.net (Postfix) id 9C1F2A0042; Tue, 10 Mar 2026 12:05:01 +0000 (UTC)
        Date: Tue, 10 Mar 2026 12:05:01 +0000 (UTC)
        From: MAILER-DAEMON@relay.example.net (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: reports@example.org
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="9C1F2A0042.1773144301/relay.example.net"
        Message-Id: <{own}>

        This is a MIME-encapsulated message.

        --9C1F2A0042.1773144301/relay.example.net
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        The mail system at relay.example.net could not hand over your message.

        <{recipient}>: {said}

        --9C1F2A0042.1773144301/relay.example.net
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example.net
        X-Postfix-Queue-ID: 9C1F2A0042
        X-Postfix-Sender: rfc822; reports@example.org
        Arrival-Date: Tue, 10 Mar 2026 12:05:00 +0000 (UTC)

        Final-Recipient: rfc822; {recipient}
        Original-Recipient: {original}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; {said}
        {also}
        --9C1F2A0042.1773144301/relay.example.net
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: Sightline <reports@example.org>
        To: {recipient}
        Subject: Weekly health
        Message-ID: {message_id}

        All is well.

        --9C1F2A0042.1773144301/relay.example.net--
        """
    )


def exim(message_id: str, recipient: str) -> bytes:
    """Only headers come back; what the server said runs over several lines."""
    return _mail(
        f"""
        Return-path: <>
        Received: from Debian-exim by host.example.net with local (Exim 4.96) id 1tZz9a-0004xY-1B
        \tfor reports@example.org; Tue, 10 Mar 2026 12:07:10 +0000
        X-Failed-Recipients: {recipient}
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@host.example.net>
        To: reports@example.org
        Content-Type: multipart/report; report-type=delivery-status; boundary=1773144430-eximdsn-991
        MIME-Version: 1.0
        Subject: Mail delivery failed: returning message to sender
        Message-Id: <E1tZz9a-0004xY-1B@host.example.net>
        Date: Tue, 10 Mar 2026 12:07:10 +0000

        --1773144430-eximdsn-991
        Content-type: text/plain; charset=us-ascii

        A message that you sent was not taken by its recipient's server.

          {recipient}

        --1773144430-eximdsn-991
        Content-type: message/delivery-status

        Reporting-MTA: dns; host.example.net

        Action: failed
        Final-Recipient: rfc822;{recipient}
        Status: 5.0.0
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; 550-Nobody of this name
        \t550 is here

        --1773144430-eximdsn-991
        Content-type: text/rfc822-headers

        Return-path: <reports@example.org>
        Message-ID: {message_id}
        From: Sightline <reports@example.org>
        To: {recipient}
        Subject: Weekly health

        --1773144430-eximdsn-991--
        """
    )


def exchange(message_id: str, recipient: str) -> bytes:
    """Its boundary comes first, its text is HTML, and it names no remote server."""
    return _mail(
        f"""
        From: <postmaster@contoso.example>
        To: <reports@example.org>
        Date: Tue, 10 Mar 2026 12:09:33 +0000
        Content-Type: multipart/report;
        \tboundary="_6f1b8c3e-PrimeMX_"; report-type="delivery-status"
        X-MS-Exchange-Message-Is-Ndr:
        Content-Language: en-GB
        Message-ID: <6f1b8c3e-0d2a-4c55@PrimeMX.contoso.example>
        In-Reply-To: {message_id}
        References: {message_id}
        Subject: Undeliverable: Weekly health
        Auto-Submitted: auto-replied
        MIME-Version: 1.0

        --_6f1b8c3e-PrimeMX_
        Content-Type: multipart/alternative; differences=Content-Type; boundary="_7a-alt_"

        --_7a-alt_
        Content-Type: text/plain; charset="us-ascii"
        Content-Transfer-Encoding: quoted-printable

        Delivery has failed to these recipients or groups: {recipient}

        --_7a-alt_
        Content-Type: text/html; charset="us-ascii"

        <html><body><p>Delivery has failed to these recipients or groups:</p></body></html>

        --_7a-alt_--

        --_6f1b8c3e-PrimeMX_
        Content-Type: message/delivery-status

        Reporting-MTA: dns;PrimeMX.contoso.example
        Received-From-MTA: dns;relay.example.net
        Arrival-Date: Tue, 10 Mar 2026 12:09:32 +0000

        Original-Recipient: rfc822;{recipient}
        Final-Recipient: rfc822;{recipient}
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup
        X-Display-Name: {recipient}

        --_6f1b8c3e-PrimeMX_
        Content-Type: message/rfc822

        Received: from relay.example.net (203.0.113.9) by PrimeMX.contoso.example; Tue, 10 Mar 2026 12:09:32 +0000
        From: Sightline <reports@example.org>
        To: <{recipient}>
        Subject: Weekly health
        Date: Tue, 10 Mar 2026 12:00:00 +0000
        Message-ID: {message_id}
        Content-Type: text/plain

        --_6f1b8c3e-PrimeMX_--
        """
    )


def gmail(message_id: str, recipient: str) -> bytes:
    """A picture beside its text, a code in every line of what the server said, and a Message-ID of its own domain."""
    return _mail(
        f"""
        Return-Path: <>
        Auto-Submitted: auto-replied
        Message-ID: <69b0a1c7.050a0220.1.GMR@mx.gmail.example>
        From: Mail Delivery Subsystem <mailer-daemon@gmail.example>
        To: reports@example.org
        References: {message_id}
        In-Reply-To: {message_id}
        Subject: Delivery Status Notification (Failure)
        Date: Tue, 10 Mar 2026 05:11:03 -0700 (PDT)
        MIME-Version: 1.0
        Content-Type: multipart/report; boundary="00000000000061a2"; report-type=delivery-status

        --00000000000061a2
        Content-Type: multipart/related; boundary="00000000000061b0"

        --00000000000061b0
        Content-Type: multipart/alternative; boundary="00000000000061c9"

        --00000000000061c9
        Content-Type: text/plain; charset="UTF-8"

        ** Address not found **

        --00000000000061c9
        Content-Type: text/html; charset="UTF-8"

        <html><body><h1>Address not found</h1></body></html>

        --00000000000061c9--
        --00000000000061b0
        Content-Type: image/png; name="icon.png"
        Content-Disposition: attachment; filename="icon.png"
        Content-Transfer-Encoding: base64
        Content-ID: <icon.png>

        iVBORw0KGgo=
        --00000000000061b0--
        --00000000000061a2
        Content-Type: message/delivery-status

        Reporting-MTA: dns; gmail.example
        Arrival-Date: Tue, 10 Mar 2026 05:11:02 -0700 (PDT)
        X-Original-Message-ID: {message_id}

        Final-Recipient: rfc822; {recipient}
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550-5.1.1 The account that you tried to reach does not exist. Check
         550 5.1.1 the address for unnecessary spaces. c7si1234567
        Last-Attempt-Date: Tue, 10 Mar 2026 05:11:03 -0700 (PDT)

        --00000000000061a2
        Content-Type: message/rfc822

        MIME-Version: 1.0
        From: Sightline <reports@example.org>
        Date: Tue, 10 Mar 2026 12:00:00 +0000
        Message-ID: {message_id}
        Subject: Weekly health
        To: {recipient}
        Content-Type: text/plain

        ----- Message truncated -----

        --00000000000061a2--
        """
    )


def auto_reply(message_id: str, recipient: str) -> bytes:
    """Somebody is away: it speaks of the mail, and is no report of it."""
    return _mail(
        f"""
        From: {recipient}
        To: reports@example.org
        Subject: Out of office: Weekly health
        In-Reply-To: {message_id}
        References: {message_id}
        Auto-Submitted: auto-replied
        Message-ID: <away-1@example.org>
        Content-Type: text/plain

        I am away. 550 5.1.1 is not what I say.
        """
    )


def read_receipt(message_id: str, recipient: str) -> bytes:
    """A multipart/report of another kind."""
    mail = postfix(message_id, recipient).replace(
        b"report-type=delivery-status", b"report-type=disposition-notification"
    )
    return mail.replace(b"message/delivery-status", b"message/disposition-notification")


SHAPES = {"Postfix": postfix, "Exim": exim, "Exchange": exchange, "Gmail": gmail}
