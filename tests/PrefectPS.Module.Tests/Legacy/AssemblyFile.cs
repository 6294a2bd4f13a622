using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>One assembly's metadata.</summary>
internal sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _file;
    private readonly Lazy<Dictionary<string, TypeDefinitionHandle>> _types;

    public AssemblyFile(string path)
    {
        _file = new(File.OpenRead(path));
        Metadata = _file.GetMetadataReader();
        _types = new(() => Metadata.TypeDefinitions.ToDictionary(handle => TypeNames.Of(Metadata, handle)));
    }

    public MetadataReader Metadata { get; }

    /// <summary>The types it defines, by their full names.</summary>
    public IReadOnlyDictionary<string, TypeDefinitionHandle> Types => _types.Value;

    /// <summary>The assembly it forwards a type to; null where it does not. A nested type goes where its outermost type goes.</summary>
    public string? ForwardOf(string fullName)
    {
        var outermost = fullName.Split('+')[0];
        return Metadata.ExportedTypes
            .Select(Metadata.GetExportedType)
            .Where(type => type.IsForwarder && TypeNames.Join(Metadata, type.Namespace, type.Name) == outermost)
            .Select(type => Metadata.GetString(Metadata.GetAssemblyReference((AssemblyReferenceHandle)type.Implementation).Name))
            .FirstOrDefault();
    }

    public void Dispose() => _file.Dispose();
}
