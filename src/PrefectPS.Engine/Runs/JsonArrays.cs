namespace PrefectPS.Runs;

/// <summary>JSON arrays as bytes, without surrounding white space.</summary>
internal static class JsonArrays
{
    /// <summary>The empty array.</summary>
    public static readonly byte[] Empty = "[]"u8.ToArray();

    /// <summary>Concatenates arrays.</summary>
    public static byte[] Join(IEnumerable<byte[]> arrays)
    {
        using var joined = new MemoryStream();
        foreach (var array in arrays.Where(array => array.Length > Empty.Length))
        {
            joined.WriteByte(joined.Length == 0 ? (byte)'[' : (byte)',');
            joined.Write(array, 1, array.Length - Empty.Length);
        }

        if (joined.Length == 0)
            return Empty;
        joined.WriteByte((byte)']');
        return joined.ToArray();
    }
}
