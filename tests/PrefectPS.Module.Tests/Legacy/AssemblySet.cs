using System.Reflection.Metadata;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>Assemblies of some folders by their names, read as metadata only. The first folder that has one wins.</summary>
internal sealed class AssemblySet(params string[] folders) : IDisposable
{
    private readonly Dictionary<string, AssemblyFile?> _files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The assembly; null where no folder has it.</summary>
    public AssemblyFile? Find(string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            var path = folders.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists);
            _files[name] = file = path is null ? null : new AssemblyFile(path);
        }

        return file;
    }

    /// <summary>The type of this full name, wherever its assembly forwards it to; null where it is nowhere.</summary>
    public TypeEntry? FindType(string assembly, string fullName)
    {
        for (var file = Find(assembly); file is not null; file = file.ForwardOf(fullName) is { } target ? Find(target) : null)
        {
            if (file.Types.TryGetValue(fullName, out var handle))
                return new(file.Metadata, handle);
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file?.Dispose();
    }
}
