using System.Collections;
using System.Management.Automation;
using System.Security;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The secrets that <c>Add-FlowTask -SecretFrom</c> gives the parameters of a script block, or of a subflow.</summary>
internal static class SecretParameter
{
    /// <summary>Describes the option.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: one names no secret, or is for a parameter of a type that keeps none.</exception>
    public static KeyValuePair<string, NamedSecret>[] Resolve(string task, IDictionary given, ScriptBlock? block)
    {
        if (given.Count == 0)
            return [];
        var parameters = block is null ? null : new BlockParameters(block);
        return [.. InputParameter.NamesIn(task, given, "SecretFrom", "secret").Select(entry =>
        {
            var type = parameters?.Find(entry.Key)?.Type ?? typeof(object);
            if (type != typeof(object) && type != typeof(PSCredential) && type != typeof(SecureString))
                throw ModuleErrors.SecretForOtherType(task, entry.Key, type);
            return new KeyValuePair<string, NamedSecret>(entry.Key, new(entry.Value, () => SecretLookup.Find(entry.Value, type)));
        })];
    }
}
