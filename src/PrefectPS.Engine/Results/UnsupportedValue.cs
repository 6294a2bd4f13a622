using System.Collections;
using System.Data;
using System.Text;
using System.Xml;

namespace PrefectPS.Results;

/// <summary>Explains why an object cannot be serialized, and suggests what to return instead.</summary>
internal static class UnsupportedValue
{
    /// <summary>Creates the fault of an object that documents cannot represent.</summary>
    public static ValueFaultException Of(object value, string? remedy) => new(
        $"it is a {value.GetType()}, which cannot be passed to a later step in another process")
    { Remedy = remedy ?? RemedyFor(value) };

    private static string RemedyFor(object value) => value switch
    {
        Exception => "Return its text (\"$_\"), or the parts that are needed, for example with Select-Object Message, StackTrace",
        Stream or TextReader or TextWriter => "Return its content: its text, its bytes, or the file",
        Type => "Return its name: $type.FullName",
        Delegate => "Return its text, or call it in this task",
        Encoding => "Return its name: $encoding.WebName",
        XmlNode => "Return its text ($node.OuterXml), or the whole document without a document type",
        DataTable or DataSet or DataRow or DataView => "Return the rows, for example with $table.Rows | Select-Object and the names of the columns",
        Task => "Return its result, as by $task.GetAwaiter().GetResult()",
        IDictionary => "Return a hashtable or [ordered] table of its entries",
        Array => "Return an array of other elements, for example with Select-Object",
        IEnumerable => "Return its elements as an array: , @($list)",
        Enum => "Return its name, \"$value\", or define the enum outside of blocks and functions, so that other processes can find it by its name",
        ValueType => "Return its text or the numbers in it",
        _ => $"Return only what later tasks need, for example with Select-Object {string.Join(", ", PropertiesOf(value))}",
    };

    // The properties a person would pick first.
    private static IEnumerable<string> PropertiesOf(object value) =>
        value.GetType().GetProperties()
            .Where(property => property.GetIndexParameters().Length == 0 && (property.PropertyType.IsValueType || property.PropertyType == typeof(string)
                || property.PropertyType == typeof(object)))
            .Select(property => property.Name)
            .OrderBy(name => name is "Name" or "Id" ? 0 : 1)
            .Take(2)
            .DefaultIfEmpty("and the names of its properties");
}
