namespace PrefectPS.Documents;

/// <summary>A fault at a byte of a document; becomes <see cref="FlowErrorId.StateInvalid"/> once its place has been worked out.</summary>
internal sealed class DocumentFaultException(string fault, long offset, Exception? innerException = null)
    : Exception(fault, innerException)
{
    /// <summary>Where, in bytes from the document's start.</summary>
    public long Offset { get; } = offset;
}
