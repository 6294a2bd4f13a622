using System.Collections;
using System.Globalization;
using System.Text;
using PrefectPS.Results;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Renders the beginning of a value in a JSON-like notation, inspecting no more of a large value than it shows.</summary>
internal sealed class ResultPreview
{
    private const int MaxDepth = 6;
    private readonly StringBuilder _text = new();
    private readonly IValueAdapter _adapter;
    private readonly int _maxLength;

    private ResultPreview(IValueAdapter adapter, int maxLength)
    {
        _adapter = adapter;
        _maxLength = maxLength;
    }

    private bool IsFull => _text.Length > _maxLength;

    /// <summary>Renders a value, and tells whether it was cut.</summary>
    public static (string Text, bool IsCut) Of(object? value, IValueAdapter adapter, int maxLength)
    {
        var preview = new ResultPreview(adapter, maxLength);
        if (adapter.Unwrap(value) is string text)
            preview.AddBeginning(text);
        else
            preview.Add(value, depth: 0);
        return preview.IsFull ? (preview._text.ToString(0, preview.CutAt()), true) : (preview._text.ToString(), false);
    }

    // Never splits a surrogate pair.
    private int CutAt() => _maxLength > 0 && char.IsHighSurrogate(_text[_maxLength - 1]) ? _maxLength - 1 : _maxLength;

    private void Add(object? value, int depth)
    {
        switch (_adapter.Unwrap(value))
        {
            case null:
                _text.Append("null");
                break;
            case string text:
                _text.Append('"');
                AddBeginning(text);
                _text.Append('"');
                break;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                break;
            case byte[] bytes:
                _text.Append(bytes.Length).Append(" bytes");
                break;
            case DateTime or DateTimeOffset:
                _text.Append(((IFormattable)_adapter.Unwrap(value)!).ToString("o", CultureInfo.InvariantCulture));
                break;
            case ValueType or Uri or Version:
                AddBeginning(Convert.ToString(_adapter.Unwrap(value), CultureInfo.InvariantCulture));
                break;
            case { } secret when _adapter.IsSecret(secret):
                _text.Append(SecretMask.Mark);
                break;
            case { } when depth >= MaxDepth:
                _text.Append('…');
                break;
            case IDictionary map:
                AddItems('{', '}', map.Keys.Cast<object?>().Select(key => new KeyValuePair<string?, object?>(Convert.ToString(key, CultureInfo.InvariantCulture), map[key!])),
                    depth);
                break;
            case IEnumerable items:
                AddItems('[', ']', items.Cast<object?>().Select(item => new KeyValuePair<string?, object?>(null, item)), depth);
                break;
            case { } other:
                AddItems('{', '}', _adapter.GetProperties(other).Select(p => new KeyValuePair<string?, object?>(p.Key, p.Value)), depth);
                break;
        }
    }

    private void AddItems(char open, char close, IEnumerable<KeyValuePair<string?, object?>> items, int depth)
    {
        _text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (IsFull)
                return;
            _text.Append(isFirst ? "" : ",").AppendLine().Append(' ', 2 * (depth + 1));
            if (item.Key is not null)
            {
                AddBeginning(item.Key);
                _text.Append(": ");
            }

            Add(item.Value, depth + 1);
            isFirst = false;
        }

        if (!isFirst)
            _text.AppendLine().Append(' ', 2 * depth);
        _text.Append(close);
    }

    private void AddBeginning(string? text)
    {
        if (text is not null && !IsFull)
            _text.Append(text, 0, Math.Min(text.Length, _maxLength + 1 - _text.Length));
    }
}
