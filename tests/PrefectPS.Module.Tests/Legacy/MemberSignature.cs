using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace PrefectPS.Module.Tests.Legacy;

/// <summary>Signatures as texts of full names, without assemblies: equal wherever the types are defined.</summary>
internal sealed class MemberSignature : ISignatureTypeProvider<string, object?>
{
    public static readonly MemberSignature Names = new();

    private MemberSignature()
    {
    }

    public static string Of(MethodDefinition method) => Show(method.DecodeSignature(Names, null));

    public static string Of(MemberReference member) =>
        member.GetKind() == MemberReferenceKind.Method
            ? Show(member.DecodeMethodSignature(Names, null))
            : member.DecodeFieldSignature(Names, null);

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetFunctionPointerType(MethodSignature<string> signature) => $"fn {Show(signature)}";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(",", typeArguments)}>";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => TypeNames.Of(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => TypeNames.Of(reader, handle);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    private static string Show(MethodSignature<string> signature) =>
        $"{signature.ReturnType} `{signature.GenericParameterCount}({string.Join(",", signature.ParameterTypes)})";
}
