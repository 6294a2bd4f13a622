using System.Collections;
using System.Management.Automation;
using System.Reflection;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>
/// The error of a body, serialized for the way from a worker, so that -RetryOn finds the same as a local <c>catch</c>: the exceptions with
/// their types and simple properties, and the record's category and target.
/// </summary>
/// <remarks>An exception whose type does not exist here, or cannot be created from a message, becomes a RuntimeException with its text.</remarks>
internal static class SentError
{
    private const int MaxInner = 8;
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;

    private static readonly HashSet<string> OfAll = new(StringComparer.Ordinal)
    {
        nameof(Exception.Message), nameof(Exception.StackTrace), nameof(Exception.Source), nameof(Exception.HelpLink), nameof(Exception.HResult),
    };

    // There is no other way to set it for a type whose constructor only accepts a message.
    private static readonly FieldInfo? Inner = typeof(Exception).GetField("_innerException", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>The data that is sent in addition to the texts of the error; null for none.</summary>
    public static Hashtable? Of(TaskError error) => error.Exception is { } exception ? Of(exception, error.Record as ErrorRecord) : null;

    /// <summary>The data that is sent for an error record of a body.</summary>
    public static Hashtable Of(ErrorRecord record)
    {
        var table = Of(record.Exception, record);
        table["id"] = record.FullyQualifiedErrorId;
        return table;
    }

    /// <summary>The error with its original exceptions and record, as far as they can be recreated here.</summary>
    public static TaskError Revive(TaskError error, Hashtable? sent)
    {
        if (sent is null)
            return error;
        var exception = ExceptionOf(sent);
        return error.With(exception, sent["category"] is int ? RecordOf(sent, exception, error.Id) : null);
    }

    /// <summary>The record of an error that a body has written.</summary>
    public static ErrorRecord ToRecord(Hashtable sent) => RecordOf(sent, ExceptionOf(sent), (string?)sent["id"]);

    private static Hashtable Of(Exception exception, ErrorRecord? record)
    {
        var chain = new List<object>();
        for (var each = exception; each is not null && chain.Count < MaxInner; each = each.InnerException)
            chain.Add(new Hashtable(StringComparer.Ordinal) { ["type"] = each.GetType().FullName, ["message"] = each.Message, ["properties"] = PropertiesOf(each) });
        var table = new Hashtable(StringComparer.Ordinal) { ["exceptions"] = chain.ToArray() };
        if (record is null)
            return table;
        table["category"] = (int)record.CategoryInfo.Category;
        table["activity"] = record.CategoryInfo.Activity;
        table["reason"] = record.CategoryInfo.Reason;
        table["targetType"] = record.CategoryInfo.TargetType;
        table["targetName"] = record.CategoryInfo.TargetName;
        table["target"] = PowerShellValues.Instance.Unwrap(record.TargetObject) is { } target ? (IsPlain(target) ? target : $"{target}") : null;
        table["details"] = record.ErrorDetails?.Message;
        table["action"] = record.ErrorDetails?.RecommendedAction;
        return table;
    }

    private static Exception ExceptionOf(Hashtable sent)
    {
        Exception? exception = null;
        foreach (var each in ((object[])sent["exceptions"]!).Cast<Hashtable>().Reverse())
            exception = Make((string)each["type"]!, (string)each["message"]!, (Hashtable)each["properties"]!, exception);
        return exception!;
    }

    private static ErrorRecord RecordOf(Hashtable sent, Exception exception, string? id)
    {
        var record = new ErrorRecord(exception, id ?? string.Empty, (ErrorCategory)(int)sent["category"]!, sent["target"]);
        record.CategoryInfo.Activity = (string?)sent["activity"];
        record.CategoryInfo.Reason = (string?)sent["reason"];
        record.CategoryInfo.TargetName = (string?)sent["targetName"];
        record.CategoryInfo.TargetType = (string?)sent["targetType"];
        if (sent["details"] is string details)
            record.ErrorDetails = new(details) { RecommendedAction = (string?)sent["action"] };
        return record;
    }

    private static Hashtable PropertiesOf(Exception exception)
    {
        var table = new Hashtable(StringComparer.Ordinal);
        foreach (var property in exception.GetType().GetProperties(Public))
        {
            if (OfAll.Contains(property.Name) || !property.CanRead || property.GetIndexParameters().Length > 0)
                continue;
            if (Read(property, exception) is { } value && IsPlain(value))
                table[property.Name] = value;
        }

        return table;
    }

    private static bool IsPlain(object value) => value is string or bool or int or long or double;

    private static Exception Make(string type, string message, Hashtable properties, Exception? inner)
    {
        var made = Create(Find(type), message, inner) ?? new RuntimeException(message, inner);
        foreach (DictionaryEntry property in properties)
        {
            var own = made.GetType().GetProperty((string)property.Key, Public);
            if (own is not null && Equals(Read(own, made), property.Value))
                continue;
            if (own is { CanWrite: true, SetMethod.IsPublic: true } && own.PropertyType.IsInstanceOfType(property.Value))
                own.SetValue(made, property.Value);
            else
                PSObject.AsPSObject(made).Properties.Add(new PSNoteProperty((string)property.Key, property.Value), preValidated: true);
        }

        return made;
    }

    // A property that throws has no value, as usual in PowerShell.
    private static object? Read(PropertyInfo property, object of)
    {
        try
        {
            return property.GetValue(of);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static Exception? Create(Type? type, string message, Exception? inner)
    {
        try
        {
            if (type?.GetConstructor([typeof(string), typeof(Exception)]) is { } both)
                return (Exception)both.Invoke([message, inner]);
            if (type?.GetConstructor([typeof(string)]) is not { } one)
                return null;
            var made = (Exception)one.Invoke([message]);
            Inner?.SetValue(made, inner);
            return made;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    // Only exception types that are already loaded.
    private static Type? Find(string name) => AppDomain.CurrentDomain.GetAssemblies()
        .Select(assembly => assembly.GetType(name, throwOnError: false))
        .FirstOrDefault(type => type is { IsAbstract: false, IsPublic: true, ContainsGenericParameters: false } && typeof(Exception).IsAssignableFrom(type));
}
