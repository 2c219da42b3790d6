"""What the old reporting API called dimensions and metrics, and what Google Analytics 4 calls them.

Source: Google's own equivalence table of Universal Analytics and Analytics 4 names. A
name that is not listed is passed on as it stands.
"""

from __future__ import annotations

DIMENSIONS = {
    "browser": "browser",
    "campaign": "sessionCampaignName",
    "channelGrouping": "sessionDefaultChannelGroup",
    "city": "city",
    "continent": "continent",
    "country": "country",
    "date": "date",
    "dateHour": "dateHour",
    "dateHourMinute": "dateHourMinute",
    "dayOfWeek": "dayOfWeek",
    "deviceCategory": "deviceCategory",
    "eventAction": "eventName",
    "fullReferrer": "pageReferrer",
    "hostname": "hostName",
    "hour": "hour",
    "landingPagePath": "landingPage",
    "language": "language",
    "medium": "sessionMedium",
    "month": "month",
    "operatingSystem": "operatingSystem",
    "pagePath": "pagePath",
    "pageTitle": "pageTitle",
    "region": "region",
    "source": "sessionSource",
    "sourceMedium": "sessionSourceMedium",
    "userType": "newVsReturning",
    "week": "week",
    "year": "year",
    "yearMonth": "yearMonth",
}

METRICS = {
    "avgSessionDuration": "averageSessionDuration",
    "bounceRate": "bounceRate",
    "goalCompletionsAll": "keyEvents",
    "newUsers": "newUsers",
    "pageviews": "screenPageViews",
    "pageviewsPerSession": "screenPageViewsPerSession",
    "sessionDuration": "userEngagementDuration",
    "sessions": "sessions",
    "sessionsPerUser": "sessionsPerUser",
    "totalEvents": "eventCount",
    "transactionRevenue": "purchaseRevenue",
    "transactions": "transactions",
    "users": "totalUsers",
    "1dayUsers": "active1DayUsers",
    "7dayUsers": "active7DayUsers",
    "28dayUsers": "active28DayUsers",
}
