using System.Reflection.Metadata;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>Finds what an assembly refers to that its surroundings do not have.</summary>
/// <param name="assemblies">The surroundings.</param>
/// <param name="isTaken">Names of assemblies whose content is taken on trust.</param>
internal sealed class ReferenceChecker(AssemblySet assemblies, Func<string, bool> isTaken)
{
    /// <summary>The referenced assemblies that are missing.</summary>
    public IEnumerable<string> MissingAssemblies(string assembly)
    {
        var reader = assemblies.Find(assembly)!.Metadata;
        return reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
            .Where(name => !isTaken(name) && assemblies.Find(name) is null);
    }

    /// <summary>The referenced types that are missing, each with the assembly it was expected in.</summary>
    public IEnumerable<string> MissingTypes(string assembly)
    {
        var reader = assemblies.Find(assembly)!.Metadata;
        return reader.TypeReferences
            .Where(handle => !isTaken(AssemblyOf(reader, handle)) && Resolve(reader, handle) is null)
            .Select(handle => $"{TypeNames.Of(reader, handle)} of {AssemblyOf(reader, handle)}");
    }

    /// <summary>The referenced methods and fields that their types do not have.</summary>
    public IEnumerable<string> MissingMembers(string assembly)
    {
        var reader = assemblies.Find(assembly)!.Metadata;
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (TypeOf(reader, member.Parent) is not { } type || isTaken(AssemblyOf(reader, type)))
                continue;
            var (name, signature) = (reader.GetString(member.Name), MemberSignature.Of(member));
            if (Resolve(reader, type) is { } found && !Has(found, name, signature))
                yield return $"{TypeNames.Of(reader, type)}.{name}: {signature}";
        }
    }

    private bool Has(TypeEntry type, string name, string signature)
    {
        for (TypeEntry? at = type; at is { } entry; at = BaseOf(entry))
        {
            if (entry.Declares(name, signature))
                return true;
        }

        return false;
    }

    private TypeEntry? BaseOf(TypeEntry type)
    {
        var handle = type.Reader.GetTypeDefinition(type.Handle).BaseType;
        return handle.Kind == HandleKind.TypeDefinition && !handle.IsNil ? type with { Handle = (TypeDefinitionHandle)handle }
            : TypeOf(type.Reader, handle) is { } reference ? Resolve(type.Reader, reference)
            : null;
    }

    private TypeEntry? Resolve(MetadataReader reader, TypeReferenceHandle handle) =>
        assemblies.FindType(AssemblyOf(reader, handle), TypeNames.Of(reader, handle));

    private static string AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference
            ? AssemblyOf(reader, (TypeReferenceHandle)scope)
            : reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
    }

    // The type a member belongs to: itself, or what a generic one is made of. Arrays and our own types have none.
    private static TypeReferenceHandle? TypeOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
            return (TypeReferenceHandle)parent;
        if (parent.Kind != HandleKind.TypeSpecification || parent.IsNil)
            return null;
        var blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadByte(); // class or value type
        var generic = blob.ReadTypeHandle();
        return generic.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)generic : null;
    }
}
