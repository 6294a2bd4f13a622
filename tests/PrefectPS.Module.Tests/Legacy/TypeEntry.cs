using System.Reflection.Metadata;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>A type in its assembly's metadata.</summary>
internal readonly record struct TypeEntry(MetadataReader Reader, TypeDefinitionHandle Handle)
{
    /// <summary>Whether the type itself declares a field or method of this name and signature.</summary>
    public bool Declares(string name, string signature)
    {
        var type = Reader.GetTypeDefinition(Handle);
        foreach (var handle in type.GetMethods())
        {
            var method = Reader.GetMethodDefinition(handle);
            if (Reader.StringComparer.Equals(method.Name, name) && MemberSignature.Of(method) == signature)
                return true;
        }

        foreach (var handle in type.GetFields())
        {
            var field = Reader.GetFieldDefinition(handle);
            if (Reader.StringComparer.Equals(field.Name, name) && field.DecodeSignature(MemberSignature.Names, null) == signature)
                return true;
        }

        return false;
    }
}
