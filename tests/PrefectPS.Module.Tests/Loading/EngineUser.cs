using System.Reflection;
using System.Reflection.Emit;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Loading;

/// <summary>An assembly that refers to a version of PrefectPS.Engine and does not have it, as that of a provider does.</summary>
internal sealed class EngineUser : IDisposable
{
    /// <summary>A script that shows whether the user of the engine, loaded as $user, sees the module's own types.</summary>
    public const string ShowBinding = "[object]::ReferenceEquals($user.GetType('User')::Engine(), (New-FlowStore memory:x).GetType())";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes the assembly.</summary>
    /// <param name="version">The version of the engine; null for that of the module.</param>
    public EngineUser(Version? version = null)
    {
        var engine = new PersistedAssemblyBuilder(new("PrefectPS.Engine") { Version = version ?? Engine }, typeof(object).Assembly);
        var store = engine.DefineDynamicModule("PrefectPS.Engine").DefineType("PrefectPS.Storage.FlowStore", TypeAttributes.Public);
        store.CreateType();

        var assembly = new PersistedAssemblyBuilder(new("EngineUser"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("EngineUser").DefineType("User", TypeAttributes.Public);
        var code = type.DefineMethod("Engine", MethodAttributes.Public | MethodAttributes.Static, typeof(Type), []).GetILGenerator();
        code.Emit(OpCodes.Ldtoken, store);
        code.Emit(OpCodes.Call, typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!);
        code.Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(Assembly);
    }

    public static Version Engine { get; } = AssemblyName.GetAssemblyName(Path.Combine(Repository.ModuleFolder, "net8.0", "PrefectPS.Engine.dll")).Version!;

    public string Assembly => _folder["EngineUser.dll"];

    public void Dispose() => _folder.Dispose();
}
