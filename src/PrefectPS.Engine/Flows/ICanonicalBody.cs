namespace PrefectPS.Flows;

/// <summary>A body whose source can be normalized, so that formatting and comments do not count as changes.</summary>
public interface ICanonicalBody
{
    /// <summary>Normalized source: equal for sources that differ only in formatting or comments, in every process.</summary>
    string CanonicalSource { get; }
}
