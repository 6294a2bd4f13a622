using System.Text.Json.Serialization;

namespace PrefectPS.Module.Tests.Pester;

/// <summary>One line of what <c>Invoke-PesterFile.ps1</c> reports.</summary>
internal sealed record PesterRecord(
    PesterRecordKind Kind, string File, string? Name = null, int Line = 0, string? Result = null, string? Message = null, double Milliseconds = 0);

[JsonConverter(typeof(JsonStringEnumConverter<PesterRecordKind>))]
internal enum PesterRecordKind
{
    Begin,
    It,
    Failure,
    End,
}
