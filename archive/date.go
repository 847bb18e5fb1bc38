package archive

import (
	"strconv"
	"time"
)

// Date is a calendar day as ISO 8601 writes it, "2017-12-06". "" is unknown.
// Dates of one length compare as strings do.
type Date string

// Clock is a wall-clock time of the edition's place, "09:15" (24 hours). "" is
// unknown. Programmes print no time zones, so none is made up.
type Clock string

// MakeDate returns the Date of a year, a month and a day, or "" when there is
// no such day.
func MakeDate(year, month, day int) Date {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day || year < 1 || year > 9999 {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// Valid says whether d is a day that exists; "" is not.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Year returns the year, or 0 when d is not valid.
func (d Date) Year() int {
	if !d.Valid() {
		return 0
	}
	y, err := strconv.Atoi(string(d[:4]))
	if err != nil {
		return 0
	}
	return y
}

// Time returns midnight UTC of the day, or the zero time when d is not valid.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Valid says whether c is a time of day from 00:00 to 23:59; "" is not.
func (c Clock) Valid() bool {
	_, ok := c.minutes()
	return ok
}

// Minutes returns the minutes since midnight, or -1 when c is not valid.
func (c Clock) Minutes() int {
	m, ok := c.minutes()
	if !ok {
		return -1
	}
	return m
}

func (c Clock) minutes() (int, bool) {
	if len(c) != 5 || c[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if c[i] < '0' || c[i] > '9' {
			return 0, false
		}
	}
	h, m := int(c[0]-'0')*10+int(c[1]-'0'), int(c[3]-'0')*10+int(c[4]-'0')
	return h*60 + m, h < 24 && m < 60
}

// MakeClock returns the Clock of minutes since midnight, or "" outside one day.
func MakeClock(minutes int) Clock {
	if minutes < 0 || minutes >= 24*60 {
		return ""
	}
	h, m := minutes/60, minutes%60
	return Clock([]byte{byte('0' + h/10), byte('0' + h%10), ':', byte('0' + m/10), byte('0' + m%10)})
}
