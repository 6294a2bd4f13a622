using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Text;

namespace PrefectPS.Host.Terminal;

/// <summary>Choices by hot key (the letter after <c>&amp;</c> in the label) or by their whole label.</summary>
internal sealed class ChoiceMenu(Collection<ChoiceDescription> choices, int defaultChoice)
{
    /// <summary>The choices on one line, and the one that an empty answer takes.</summary>
    public string Question
    {
        get
        {
            var question = new StringBuilder();
            foreach (var choice in choices)
                question.Append($"[{Key(choice)}] {WithoutHotkey(choice.Label)}  ");
            question.Append("[?] Help");
            if (defaultChoice >= 0)
                question.Append($" (default is \"{Key(choices[defaultChoice])}\")");
            return question.Append(": ").ToString();
        }
    }

    /// <summary>What each choice means, a line each.</summary>
    public string Help => string.Concat(choices.Select(static choice => $"{Key(choice)} - {Meaning(choice)}{Environment.NewLine}"));

    /// <returns>The index of the choice that <paramref name="answer"/> names; null when it names none.</returns>
    public int? Find(string answer)
    {
        if (answer.Length == 0)
            return defaultChoice >= 0 ? defaultChoice : null;

        for (var index = 0; index < choices.Count; index++)
        {
            if (Matches(answer, Key(choices[index])) || Matches(answer, WithoutHotkey(choices[index].Label)))
                return index;
        }

        return null;
    }

    public static string WithoutHotkey(string label) => label.Replace("&", "", StringComparison.Ordinal);

    private static string Key(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label[(mark + 1)..(mark + 2)].ToUpperInvariant() : choice.Label;
    }

    private static string Meaning(ChoiceDescription choice) =>
        string.IsNullOrEmpty(choice.HelpMessage) ? WithoutHotkey(choice.Label) : choice.HelpMessage;

    private static bool Matches(string answer, string name) => answer.Equals(name, StringComparison.CurrentCultureIgnoreCase);
}
