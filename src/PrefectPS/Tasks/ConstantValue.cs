using System.Management.Automation.Language;

namespace PrefectPS.Tasks;

/// <summary>The values of expressions that are constants.</summary>
internal static class ConstantValue
{
    /// <summary>The value; null if it is not a constant.</summary>
    public static object? TryGetValue(this ExpressionAst expression)
    {
        try
        {
            return expression.SafeGetValue();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
