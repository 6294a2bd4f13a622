namespace PrefectPS.Commands;

/// <summary>Changes that make a task run again although its target exists.</summary>
public enum RerunOn
{
    /// <summary>Its script block is another one than that which made the target, but for comments and white space.</summary>
    Script,

    /// <summary>Its script block is given other values than the one that made the target.</summary>
    Input,
}
