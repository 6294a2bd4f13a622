namespace PrefectPS.Commands;

/// <summary>How the delays between retries grow.</summary>
public enum RetryBackoff
{
    /// <summary>The given delays; the last one repeats.</summary>
    Constant,

    /// <summary>After the last given delay, each delay doubles, up to a day.</summary>
    Exponential,
}
