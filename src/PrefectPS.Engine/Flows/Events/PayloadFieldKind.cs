namespace PrefectPS.Flows;

/// <summary>Kind of input control of a form field.</summary>
public enum PayloadFieldKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>One of several values.</summary>
    Choice,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A Boolean.</summary>
    Switch,

    /// <summary>A date.</summary>
    Date,

    /// <summary>A date and time.</summary>
    Time,

    /// <summary>A secret: not accepted in a payload, which is stored in clear text.</summary>
    Secret,
}
