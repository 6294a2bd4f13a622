namespace PrefectPS.Runs;

/// <summary>JSON arrays as bytes, without anything before or after their brackets.</summary>
internal static class JsonArrays
{
    /// <summary>The array of nothing.</summary>
    public static readonly byte[] Empty = "[]"u8.ToArray();

    /// <summary>The elements of all arrays, one after the other, as one array.</summary>
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
