using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads a task's error.</summary>
internal static class ErrorReader
{
    /// <summary>Reads an error, from its first token to its last; null for null.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static TaskError? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an error");
        var error = new TaskError(string.Empty);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Message:
                    error = error with { Message = JsonTokens.String(ref json) };
                    break;
                case DocumentKeys.Id:
                    error = error with { Id = JsonTokens.StringOrNull(ref json) };
                    break;
                case DocumentKeys.ExceptionType:
                    error = error with { ExceptionType = JsonTokens.StringOrNull(ref json) };
                    break;
                case DocumentKeys.Script:
                    error = error with { ScriptName = JsonTokens.StringOrNull(ref json) };
                    break;
                case DocumentKeys.Line:
                    error = error with { Line = JsonTokens.Integer(ref json, min: 0) };
                    break;
                case DocumentKeys.Text:
                    error = error with { LineText = JsonTokens.StringOrNull(ref json) };
                    break;
                case DocumentKeys.Stack:
                    error = error with { Stack = JsonTokens.StringOrNull(ref json) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return error;
    }
}
