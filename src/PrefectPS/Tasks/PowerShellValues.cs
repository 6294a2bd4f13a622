using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Security;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>Adapts PowerShell values: unwraps PSObjects, exposes the properties that a script sees, and creates records as PSCustomObjects.</summary>
internal sealed class PowerShellValues : IValueAdapter
{
    public static readonly PowerShellValues Instance = new();

    private static readonly string[] RecordNames = ["System.Management.Automation.PSCustomObject", "System.Object"];

    private static readonly HashSet<string> ProviderNotes = new(StringComparer.OrdinalIgnoreCase)
    {
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer", "ReadCount", "UnixStat",
    };

    private PowerShellValues()
    {
    }

    public KnownTypes Types => LanguageTypes.All;

    // AutomationNull, the output of a command without output, means no value.
    public object? Unwrap(object? value) =>
        value is not PSObject wrapped ? value
        : wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject
        : ReferenceEquals(wrapped, AutomationNull.Value) ? null : wrapped;

    public ValueAnnotations? AnnotationsOf(object value)
    {
        if (!CanHaveMarks(value))
            return null;
        var bare = Unwrap(value);
        var members = AddedMembers.Of(value);
        var hasNames = AddedMembers.HasNames(value);
        if (members is null && !hasNames)
            return null;
        if (members?.FirstOrDefault(member => member is PSMethodInfo && !IsOfEach(member)) is { } method)
            throw new ValueFaultException("it is code, which cannot be stored") { Remedy = "Return the data alone" }.Within($".{method.Name}()");
        var isRecord = bare is PSObject;
        var names = hasNames ? NamesOf(PSObject.AsPSObject(value), bare!) : [];
        KeyValuePair<string, object?>[] notes = isRecord || members is null ? [] : [.. NotesAmong(members)];
        return names.Count == 0 && notes.Length == 0 ? null : new(names, notes);
    }

    public IEnumerable<KeyValuePair<string, object?>> NotesOf(object value) =>
        CanHaveMarks(value) && !IsRecord(value) && AddedMembers.Of(value) is { } members ? NotesAmong(members) : [];

    public object WithAnnotations(object value, ValueAnnotations marks)
    {
        var wrapped = PSObject.AsPSObject(value);
        for (var i = 0; i < marks.TypeNames.Count; i++)
            wrapped.TypeNames.Insert(i, marks.TypeNames[i]);
        foreach (var note in marks.Notes)
            wrapped.Properties.Add(new PSNoteProperty(note.Key, note.Value));
        return value is string or ValueType ? wrapped : value;
    }

    public bool TryWriteScalar(object value, out string tag, out string text) => LanguageTypes.TryWrite(value, out tag, out text);

    public object? ReadScalar(string tag, string? text) => LanguageTypes.Read(tag, text);

    public object? TryConvert(object value, Type type) => type == typeof(PSObject) ? PSObject.AsPSObject(value) : null;

    public string? RemedyFor(object value) => value switch
    {
        ScriptBlock => "Return its text, \"$block\", and create a block from it in the task that calls it, with [scriptblock]::Create",
        ErrorRecord => "Return its text, \"$_\", or the parts that are needed: [pscustomobject] @{ Message = \"$_\"; Id = $_.FullyQualifiedErrorId }",
        _ => null,
    };

    public bool IsSecret(object value) => Unwrap(value) is SecureString or PSCredential or FlowSecret;

    public bool IsRecord(object value) => value is PSObject { BaseObject: PSCustomObject };

    public string? TextOf(object value) => value is ScriptBlock block ? block.ToString() : ObjectTexts.TextOf(value);

    public IEnumerable<KeyValuePair<string, object?>> GetProperties(object value)
    {
        if (value is ErrorRecord error)
            return ErrorShape.PropertiesOf(error);
        if (IsRecord(value) && !AddedMembers.HasNames(value))
            return AddedMembers.Of(value)?.OfType<PSPropertyInfo>().Where(property => property.IsGettable).Select(ToPair) ?? [];
        var type = (Unwrap(value) ?? value).GetType();
        return from property in PSObject.AsPSObject(value).Properties
               where property.IsGettable
               select new KeyValuePair<string, object?>(property.Name, ValueOf(type, property));
    }

    public object? CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        var record = new PSObject();
        foreach (var property in properties)
        {
            if (property.Key.Length == 0 || record.Properties[property.Key] is not null)
                return null;
            record.Properties.Add(new PSNoteProperty(property.Key, property.Value));
        }

        return record;
    }

    /// <summary>Unwraps a value, unless the wrapper contains added members, which texts, numbers and dates cannot keep elsewhere.</summary>
    public object? Settle(PSObject? value) =>
        value?.BaseObject is string or ValueType && (AddedMembers.HasNames(value) || AddedMembers.Of(value)?.Any(member => !ProviderNotes.Contains(member.Name)) == true)
            ? value
            : Unwrap(value);

    // Objects from another process, such as from Invoke-Command, have these notes.
    private static bool IsOfEach(PSMemberInfo member) => member.Name is "ToString" or "GetType";

    // For all other objects, added members are found by the object itself.
    private static bool CanHaveMarks(object value) => value is PSObject or not (string or ValueType or Uri or Version or byte[] { Length: 0 });

    // The added names, which precede the object's own type names.
    private static IReadOnlyList<string> NamesOf(PSObject value, object bare)
    {
        var names = value.TypeNames;
        var own = bare is PSObject ? RecordNames : NamesOf(bare.GetType());
        var added = names.Count - own.Length;
        return added >= 0 && names.Skip(added).SequenceEqual(own, StringComparer.OrdinalIgnoreCase) ? [.. names.Take(added)] : [.. names];
    }

    private static string[] NamesOf(Type type)
    {
        var names = new List<string>();
        for (var each = type; each is not null; each = each.BaseType)
            names.Add(each.FullName!);
        return [.. names];
    }

    // Providers add notes about its origin to each item.
    private static IEnumerable<KeyValuePair<string, object?>> NotesAmong(IEnumerable<PSMemberInfo> members) =>
        from property in members.OfType<PSPropertyInfo>()
        where property.IsGettable && !ProviderNotes.Contains(property.Name)
        select ToPair(property);

    private static KeyValuePair<string, object?> ToPair(PSPropertyInfo property) => new(property.Name, ValueOf(typeof(PSObject), property));

    // A property that throws has no value, as usual in PowerShell.
    private static object? ValueOf(Type type, PSPropertyInfo property)
    {
        try
        {
            return property is PSProperty ? GetterTimeout.Read(type, property.Name, () => property.Value, GetterTimeout.Default) : property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
