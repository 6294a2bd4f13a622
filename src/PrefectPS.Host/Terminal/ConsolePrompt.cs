using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PrefectPS.Host.Terminal;

/// <summary>Asks for values, choices and credentials, one line each.</summary>
internal sealed class ConsolePrompt(ConsoleReader reader, Action<string> write)
{
    public Dictionary<string, PSObject?> ForFields(string caption, string message, Collection<FieldDescription> fields)
    {
        reader.DemandSomeone();
        WriteHeading(caption, message);
        return fields.ToDictionary(
            static field => field.Name,
            field => AskField(field) is { } value ? PSObject.AsPSObject(value) : null,
            StringComparer.OrdinalIgnoreCase);
    }

    public int ForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        reader.DemandSomeone();
        WriteHeading(caption, message);
        var menu = new ChoiceMenu(choices, defaultChoice);
        while (true)
        {
            write(menu.Question);
            var answer = reader.ReadLine().Trim();
            if (answer is "?")
                write(menu.Help);
            else if (menu.Find(answer) is { } choice)
                return choice;
        }
    }

    public PSCredential ForCredential(string caption, string message, string? userName)
    {
        reader.DemandSomeone();
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            write("User: ");
            userName = reader.ReadLine();
        }

        return new PSCredential(userName, AskSecret($"Password for user {userName}: "));
    }

    private void WriteHeading(string caption, string message)
    {
        foreach (var line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
                write(line + Environment.NewLine);
        }
    }

    private object? AskField(FieldDescription field)
    {
        var type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);
        var name = string.IsNullOrEmpty(field.Label) ? field.Name : ChoiceMenu.WithoutHotkey(field.Label);
        if (type == typeof(SecureString))
            return AskSecret($"{name}: ");
        if (type == typeof(PSCredential))
            return ForCredential("", "", userName: null);
        return type.IsArray || typeof(IList).IsAssignableFrom(type) ? AskList(name, type) : AskValue($"{name}: ", type);
    }

    private object AskList(string name, Type type)
    {
        var items = new List<object>();
        var elementType = type.GetElementType() ?? typeof(object);
        while (AskValue($"{name}[{items.Count}]: ", elementType, mayBeEmpty: true) is { } item)
            items.Add(item);
        return LanguagePrimitives.ConvertTo(items, type, CultureInfo.CurrentCulture);
    }

    private object? AskValue(string question, Type type, bool mayBeEmpty = false)
    {
        while (true)
        {
            write(question);
            var line = reader.ReadLine();
            if (mayBeEmpty && line.Length == 0)
                return null;
            if (LanguagePrimitives.TryConvertTo(line, type, CultureInfo.CurrentCulture, out var value))
                return value;
            write($"'{line}' is not a {type.Name}.{Environment.NewLine}");
        }
    }

    private SecureString AskSecret(string question)
    {
        write(question);
        var secret = reader.ReadSecret();
        write(Environment.NewLine);
        return secret;
    }
}
