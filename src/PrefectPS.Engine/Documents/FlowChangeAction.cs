namespace PrefectPS.Documents;

/// <summary>How to handle a state document written before its flow was changed.</summary>
public enum FlowChangeAction
{
    /// <summary>Keep the states, and warn about the changes.</summary>
    Warn,

    /// <summary>Reject the document: <see cref="FlowErrorId.FlowChanged"/>.</summary>
    Error,

    /// <summary>Run changed tasks, and all tasks downstream, again.</summary>
    RerunChanged,
}
