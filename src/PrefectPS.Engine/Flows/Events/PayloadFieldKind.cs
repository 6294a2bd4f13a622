namespace PrefectPS.Flows;

/// <summary>What a parameter of a body takes from a person who fills it in.</summary>
public enum PayloadFieldKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>One of several texts.</summary>
    Choice,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and a time of day.</summary>
    Time,

    /// <summary>A secret, which no event brings: it would stand in a store in clear.</summary>
    Secret,
}
