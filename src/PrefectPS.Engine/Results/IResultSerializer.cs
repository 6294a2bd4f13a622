namespace PrefectPS.Results;

/// <summary>A form in which results are stored.</summary>
internal interface IResultSerializer
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">A value, not null.</param>
    /// <param name="kept">What <see cref="Read"/> will give back: the value itself where the form keeps it.</param>
    byte[] Write(object value, out object kept);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The content is not of this form.</exception>
    object? Read(byte[] content);
}
