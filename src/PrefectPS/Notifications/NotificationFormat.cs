namespace PrefectPS.Notifications;

/// <summary>What a notification is written as.</summary>
public enum NotificationFormat
{
    /// <summary>An object with all that is said, for a program.</summary>
    Json,

    /// <summary>An Adaptive Card, for a webhook of a workflow in Microsoft Teams.</summary>
    Teams,

    /// <summary>A message of blocks, for an incoming webhook of Slack.</summary>
    Slack,
}
