namespace PrefectPS.Documents;

/// <summary>A fault at a byte of a document; becomes <see cref="FlowErrorId.StateInvalid"/> once its position is known.</summary>
internal sealed class DocumentFaultException(string fault, long offset, Exception? innerException = null)
    : Exception(fault, innerException)
{
    /// <summary>The offset in bytes.</summary>
    public long Offset { get; } = offset;
}
