namespace PrefectPS.Documents;

/// <summary>What is to be done about a state document that was written before its flow was changed.</summary>
public enum FlowChangeAction
{
    /// <summary>The states are taken as they are, and what has changed is a warning.</summary>
    Warn,

    /// <summary>The document is not taken: <see cref="FlowErrorId.FlowChanged"/>.</summary>
    Error,

    /// <summary>What has changed, and what comes after it, runs again.</summary>
    RerunChanged,
}
