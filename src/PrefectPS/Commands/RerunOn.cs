namespace PrefectPS.Commands;

/// <summary>What of a task makes it run again though its target is there.</summary>
public enum RerunOn
{
    /// <summary>Its script block is another one than that which made the target, but for comments and white space.</summary>
    Script,

    /// <summary>Its script block is given other values than the one that made the target.</summary>
    Input,
}
