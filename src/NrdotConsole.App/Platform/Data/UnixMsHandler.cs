using System.Data;
using Dapper;

namespace NrdotConsole.App.Platform.Data;

/// <summary>Times are stored as unix milliseconds, UTC: they sort, compare and index as integers.</summary>
internal sealed class UnixMsHandler : SqlMapper.TypeHandler<DateTimeOffset>
{
    /// <summary>Dapper keeps its handlers per process; registering twice is harmless.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new UnixMsHandler());
    }

    public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
    {
        parameter.DbType = DbType.Int64;
        parameter.Value = value.ToUnixTimeMilliseconds();
    }
}
