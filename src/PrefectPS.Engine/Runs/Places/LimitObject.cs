using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>The concurrency limit of a tag, stored for all runs of a store: <c>limits/&lt;tag&gt;/limit.json</c>.</summary>
internal static class LimitObject
{
    private const string Root = "limits/";
    private const int MaxPartBytes = 200;

    /// <summary>Path prefix of a tag's objects.</summary>
    public static string FolderOf(string tag) => $"{Root}{LongName.Shorten(StorePath.Escape(tag.ToUpperInvariant()), MaxPartBytes)}/";

    /// <summary>Path of a slot.</summary>
    public static string PlaceOf(string tag, int place) => $"{FolderOf(tag)}{place.ToString(CultureInfo.InvariantCulture)}.json";

    /// <summary>Ensures that the stored limit equals the script's, storing it if there is none.</summary>
    /// <exception cref="FlowException">As for <see cref="Check"/>.</exception>
    public static void Ensure(RunFiles files, string tag, int places)
    {
        if (!Check(files, tag, places) && files.TryWriteOwn(PathOf(tag), ToBytes(tag, places), seen: null) is null)
            Check(files, tag, places); // another writer was first
    }

    /// <summary>Throws if the stored limit differs from the script's. Writes nothing.</summary>
    /// <returns>True if a limit is stored.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.LimitDiffers"/>: the limits differ. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool Check(RunFiles files, string tag, int places)
    {
        if (Find(files, PathOf(tag)) is not { } stands)
            return false;
        return stands == places ? true : throw FlowErrors.LimitDiffers(files.Store.Name, PathOf(tag), tag, places, stands);
    }

    private static string PathOf(string tag) => $"{FolderOf(tag)}limit.json";

    private static byte[] ToBytes(string tag, int places) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Tag, tag);
        json.WriteNumber(DocumentKeys.Places, places);
        json.WriteEndObject();
    });

    private static int? Find(RunFiles files, string path)
    {
        if (files.Read(path) is not { } found)
            return null;
        try
        {
            return RecordReader.Read(found.Content, (ref Utf8JsonReader json) =>
            {
                int? places = null;
                var seen = default(SeenKeys);
                while (JsonTokens.NextProperty(ref json, ref seen, out var key))
                {
                    if (key == DocumentKeys.Places)
                        places = JsonTokens.Integer(ref json, min: 1);
                    else
                        json.Skip();
                }

                return places ?? throw JsonTokens.Fault(ref json, "the number of places was expected");
            });
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            throw FlowErrors.LimitUnreadable(files.Store.Name, path, e);
        }
    }
}
