using System.Reflection;
using System.Reflection.Emit;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Loading;

/// <summary>Another module, which brings its own version of an assembly and answers with it.</summary>
internal sealed class RivalModule : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RivalModule(string assembly, string call, bool inOwnContext)
    {
        Assembly = assembly;
        var load = inOwnContext
            ? "[System.Runtime.Loader.AssemblyLoadContext]::new('Rival').LoadFromAssemblyPath($path)"
            : "[System.Reflection.Assembly]::LoadFrom($path)";
        File.WriteAllText(Manifest, $$"""
            $path = [System.IO.Path]::Combine($PSScriptRoot, '{{assembly}}.dll')
            $rival = {{load}}
            function Get-RivalVersion { $rival.GetName().Version }
            function Get-RivalAnswer { $rival.{{call}} }
            """);
    }

    public string Assembly { get; }

    public string Manifest => _folder["Rival.psm1"];

    /// <summary>The version it brings; the session itself may take a higher one of its own instead.</summary>
    public Version Version => AssemblyName.GetAssemblyName(Library).Version!;

    private string Library => _folder[Assembly + ".dll"];

    /// <summary>A module with this assembly.</summary>
    /// <param name="assembly">System.Text.Json, Newtonsoft.Json or PrefectPS.Engine.</param>
    /// <param name="inOwnContext">Whether it loads the assembly into a load context of its own or, as older modules do, into the session's.</param>
    public static RivalModule With(string assembly, bool inOwnContext)
    {
        if (assembly == "PrefectPS.Engine")
        {
            var rival = new RivalModule(assembly, "GetType('PrefectPS.Flows.Flow')::Answer()", inOwnContext);
            WriteEngine(rival.Library);
            return rival;
        }

        var call = assembly == "System.Text.Json"
            ? "GetType('System.Text.Json.JsonEncodedText')::Encode('answer', $null).ToString()"
            : "GetType('Newtonsoft.Json.JsonConvert')::DeserializeObject('\"answer\"')";
        var other = new RivalModule(assembly, call, inOwnContext);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Rivals", assembly + ".dll"), other.Library);
        return other;
    }

    public void Dispose() => _folder.Dispose();

    // A stranger under our engine's name, with a type under one of our names that has nothing of ours.
    private static void WriteEngine(string path)
    {
        var assembly = new PersistedAssemblyBuilder(new("PrefectPS.Engine") { Version = new(99, 0, 0, 0) }, typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("PrefectPS.Engine").DefineType("PrefectPS.Flows.Flow", TypeAttributes.Public);
        var code = type.DefineMethod("Answer", MethodAttributes.Public | MethodAttributes.Static, typeof(string), []).GetILGenerator();
        code.Emit(OpCodes.Ldstr, "answer");
        code.Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(path);
    }
}
