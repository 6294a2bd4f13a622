using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Flows;

/// <summary>The times of schedules.</summary>
public class ScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly string[] Expressions = ["* * * * * *", "*/7 * * * *", "0 3 * * 1-5", "0 0 1 1 *", "0 0 29 2 *", "* * * 1 6 *"];

    // Clocks go forward at 01:00Z of 29 March 2026, and back at 01:00Z of 25 October.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T00:00Z", "03-28 01:30, 03-29 01:00, 03-30 00:30")]
    [InlineData("30 2 * * *", "2026-10-24T00:00Z", "10-24 00:30, 10-25 00:30, 10-26 01:30")]
    [InlineData("*/30 * * * *", "2026-03-29T00:30Z", "03-29 00:30, 03-29 01:00, 03-29 01:30")]
    [InlineData("*/30 * * * *", "2026-10-25T00:30Z", "10-25 00:30, 10-25 01:00, 10-25 01:30")]
    [InlineData("@daily", "2026-10-25T00:00Z", "10-25 23:00, 10-26 23:00, 10-27 23:00")]
    [InlineData("15 30 9 * * MON", "2026-11-29T12:00Z", "11-30 08:30, 12-07 08:30, 12-14 08:30")]
    public void A_cron_expression_uses_its_zone_and_fixed_times_occur_once(string text, string from, string times)
    {
        var schedule = new FlowSchedule([CronRule.TryParse(text, out _)!], Berlin, "Europe/Berlin");
        Assert.Equal(times, string.Join(", ", schedule.TimesFrom(DateTimeOffset.Parse(from, null)).Take(3).Select(time => time.ToString("MM-dd HH:mm", null))));
    }

    [Fact]
    public void An_interval_counts_elapsed_time_from_its_start()
    {
        var start = new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.FromHours(2));
        var schedule = new FlowSchedule([new IntervalRule(TimeSpan.FromDays(1), start.ToUniversalTime())], Berlin, "Europe/Berlin");
        Assert.Equal(["10-24 22:00", "10-25 22:00", "10-26 22:00"], schedule.TimesFrom(DateTimeOffset.MinValue).Take(3).Select(time => time.ToString("MM-dd HH:mm", null)));
    }

    [Fact]
    public void A_time_matched_by_two_rules_counts_once()
    {
        var schedule = new FlowSchedule([CronRule.TryParse("0 * * * *", out _)!, CronRule.TryParse("*/30 * * * *", out _)!], TimeZoneInfo.Utc, "UTC");
        Assert.Equal(["08:30", "09:00", "09:30"], schedule.TimesFrom(new(2026, 11, 29, 8, 15, 0, TimeSpan.Zero)).Take(3).Select(time => time.ToString("HH:mm", null)));
    }

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("* *")]
    [InlineData("60 * * * *")]
    [InlineData("@nightly")]
    [InlineData("")]
    public void An_expression_that_is_invalid_or_never_matches_is_rejected_with_the_reason(string text)
    {
        Assert.Null(CronRule.TryParse(text, out var fault));
        Assert.NotEmpty(fault!);
    }

    // Of Apia all of 30 December 2011 was left out; of Lord Howe half an hour changes.
    [Theory]
    [InlineData("Pacific/Apia", "2011-12-29T12:00Z")]
    [InlineData("Pacific/Kwajalein", "1993-08-19T12:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-03T12:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-02T12:00Z")]
    public void The_next_time_is_never_before_the_given_one(string zone, string from)
    {
        foreach (var text in new[] { "0 3 * * *", "*/20 1-2 * * *", "@daily", "0 */7 * * *" })
        {
            var schedule = new FlowSchedule([CronRule.TryParse(text, out _)!], TimeZoneInfo.FindSystemTimeZoneById(zone), zone);
            var times = schedule.TimesFrom(DateTimeOffset.Parse(from, null)).Take(10).ToArray();
            Assert.Equal(times.Distinct().Order(), times);
            Assert.True(times[9] > times[0]);
        }
    }

    // By going through all times.
    [Fact]
    public void The_latest_time_of_a_span_is_its_last_time() => (
        from rule in Gen.OneOf(
            Gen.Int[0, Expressions.Length - 1].Select(i => (ScheduleRule)CronRule.TryParse(Expressions[i], out _)!),
            Gen.Int[1, 100_000].Select(seconds => (ScheduleRule)new IntervalRule(TimeSpan.FromSeconds(seconds), TestFlow.Start)))
        from until in Gen.Int[-3600, 400 * 86_400]
        from length in Gen.OneOf(Gen.Int[0, 7200], Gen.Int[0, 86_400 * 40])
        select (rule, until, length)).Sample(
        given =>
        {
            var (rule, until) = (given.rule, TestFlow.Start.AddSeconds(given.until));
            var from = until.AddSeconds(-given.length);
            var schedule = new FlowSchedule([rule], Berlin, "Europe/Berlin");
            DateTimeOffset? last = rule.Text == "* * * * * *" && given.length > 1 ? until.AddTicks(-(until.Ticks % TimeSpan.TicksPerSecond)) : null;
            if (last is null)
            {
                foreach (var time in schedule.TimesFrom(from).TakeWhile(time => time <= until))
                    last = time;
            }

            Assert.Equal(last, schedule.LatestOf(rule, from, until));
        },
        iter: Series.Cases(200, 20_000));

    [Theory]
    [InlineData("20261129T020000Z", "2026-11-29T02:00:00Z")]
    [InlineData("20261129T020000Z.copy", "2026-11-29T02:00:00Z")]
    [InlineData("20261129T020000Zcopy", null)]
    [InlineData("20261329T020000Z", null)]
    [InlineData("20261129T020000123-0a1b2c3d", null)]
    [InlineData("2026-11-29", null)]
    public void The_id_of_a_scheduled_run_is_its_time(string id, string? time) =>
        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time, null), ScheduledTime.Find(id));
}
