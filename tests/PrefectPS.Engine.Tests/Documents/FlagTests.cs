using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>Flags: false equals absence, and anything but a boolean is an error, as a misread flag could expose a secret.</summary>
public class FlagTests
{
    private static readonly Dictionary<string, (string Document, Func<FlowState, bool> IsSet)> Flags = new()
    {
        ["sensitive"] = ("""{"run":{"id":"r","sensitive":?},"tasks":[]}""", run => run.Identity.IsSensitive),
        ["repeat"] = ("""[{"slug":"a","state":{"type":"Pending","repeat":?}}]""", run => run.States[0].ForceRerun),
        ["repeat of Prefect's form"] = (Own("Pending", "repeat"), run => run.States[0].ForceRerun),
        ["secret"] = ("""[{"slug":"a","state":{"type":"Success","_result":{"secret":?}}}]""", run => run.States[0].IsResultLost),
        ["secret of Prefect's form"] = (Own("Success", "secret"), run => run.States[0].IsResultLost),
        ["no_result"] = (Own("Success", "no_result"), run => run.States[0].Result is { IsUnspecified: true }),
        ["resumed"] = (Own("Pending", "resumed"), run => run.States[0].IsResumed),
        ["ended_itself"] = (Own("Cancelled", "ended_itself"), run => run.States[0].HasEndedItself),
    };

    public static TheoryData<string> Names { get; } = [.. Flags.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_true_sets_a_flag(string name)
    {
        Assert.True(Flags[name].IsSet(Read(name, "true")));
        Assert.False(Flags[name].IsSet(Read(name, "false")));
        Assert.All(["null", "1", "\"true\"", "[]", "{\"a\":1}"], value =>
        {
            var error = Assert.Throws<FlowException>(() => Read(name, value));
            Assert.Equal(FlowErrorId.StateInvalid, error.Id);
            Assert.EndsWith($".{name.Split(' ')[0]}", (string)error.Target!, StringComparison.Ordinal);
            Assert.Contains("true or false was expected", error.Message, StringComparison.Ordinal);
        });
    }

    private static FlowState Read(string name, string value)
    {
        var document = Flags[name].Document.Replace("?", value, StringComparison.Ordinal);
        return FlowStateReader.Read(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document)).Run;
    }

    private static string Own(string type, string flag) =>
        """[{"slug":"a","state":{"type":"TYPE","context":{"prefectps":{"FLAG":?}}}}]""".Replace("TYPE", type, StringComparison.Ordinal).Replace("FLAG", flag, StringComparison.Ordinal);
}
