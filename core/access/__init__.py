"""Users, workspaces, memberships, sessions and the audit trail: who may do what, where."""
