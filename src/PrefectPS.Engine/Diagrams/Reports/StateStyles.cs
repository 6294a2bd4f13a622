using System.Text;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Reports;

/// <summary>The states' colours as CSS classes.</summary>
internal static class StateStyles
{
    /// <summary>The CSS rules, one a line.</summary>
    public static string Text { get; } = Make();

    private static string Make()
    {
        var css = new StringBuilder();
        foreach (var type in StateTypes.All)
            css.Append('.').Append("state-").Append(type.Name()).Append(" { --state: ").Append(type.Color()).Append("; }\n");
        return css.ToString();
    }
}
