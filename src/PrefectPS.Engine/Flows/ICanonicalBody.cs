namespace PrefectPS.Flows;

/// <summary>A body in a language in which not every difference between two texts counts.</summary>
public interface ICanonicalBody
{
    /// <summary>A text that is the same for texts that differ in nothing that counts, in every process.</summary>
    string CanonicalSource { get; }
}
