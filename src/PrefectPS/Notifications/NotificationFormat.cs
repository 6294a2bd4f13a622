namespace PrefectPS.Notifications;

/// <summary>The format of a notification.</summary>
public enum NotificationFormat
{
    /// <summary>An object with all data, for programs.</summary>
    Json,

    /// <summary>An Adaptive Card, for a webhook of a workflow in Microsoft Teams.</summary>
    Teams,

    /// <summary>A message of blocks, for an incoming webhook of Slack.</summary>
    Slack,
}
