namespace PrefectPS.Commands;

/// <summary>How the delays before a task's retries follow each other.</summary>
public enum RetryBackoff
{
    /// <summary>As they were given, the last one over and over.</summary>
    Constant,

    /// <summary>After the last one given each is twice the one before, up to a day.</summary>
    Exponential,
}
