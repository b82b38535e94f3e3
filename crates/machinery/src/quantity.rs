//! Quantities: `100m`, `1.5Gi`, `1e3`.
//!
//! A quantity is an exact decimal with a preferred notation. Fractions below a billionth are rounded away from zero,
//! so that whoever asks for something gets something. The canonical text has no needless zeros, the largest suffix
//! that keeps the number whole, and the notation that the quantity came in.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

/// How a quantity prefers to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `1e3`.
    DecimalExponent,
    /// `1Ki`.
    BinarySi,
    /// `1k`.
    DecimalSi,
}

/// An exact decimal number with its preferred notation. Compares by value: `1` is `1000m`.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// The number is `mantissa` × 10^`scale`.
    mantissa: i128,
    /// At least [`NANO`].
    scale: i32,
    format: Format,
}

/// Not a quantity; Kubernetes' words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuantityError(pub String);

/// The smallest power of ten that is kept.
const NANO: i32 = -9;
/// The largest power of ten with a suffix.
const EXA: i32 = 18;
/// Digits that surely fit the mantissa.
const DIGITS_MAX: usize = 37;
/// Exponents beyond this are refused: nobody means them.
const EXPONENT_MAX: i64 = 1_000;
/// Binary quantities are capped here, as Kubernetes does.
const BINARY_MAX: i128 = i64::MAX as i128;

fn wrong_format() -> QuantityError {
    QuantityError(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            .to_owned(),
    )
}

fn wrong_suffix() -> QuantityError {
    QuantityError("unable to parse quantity's suffix".to_owned())
}

const fn pow10(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// `mantissa` divided by 10^`digits`, away from zero.
fn divide_up(mantissa: i128, digits: u32) -> i128 {
    let Some(divisor) = pow10(digits) else {
        return mantissa.signum();
    };
    let quotient = mantissa / divisor;
    if mantissa % divisor == 0 { quotient } else { quotient + mantissa.signum() }
}

struct Suffix {
    base: Base,
    exponent: i32,
    format: Format,
}

enum Base {
    Two,
    Ten,
}

fn suffix(text: &str) -> Result<Suffix, QuantityError> {
    let ten = |exponent| Ok(Suffix { base: Base::Ten, exponent, format: Format::DecimalSi });
    let two = |exponent| Ok(Suffix { base: Base::Two, exponent, format: Format::BinarySi });
    match text {
        "n" => ten(-9),
        "u" => ten(-6),
        "m" => ten(-3),
        "" => ten(0),
        "k" => ten(3),
        "M" => ten(6),
        "G" => ten(9),
        "T" => ten(12),
        "P" => ten(15),
        "E" => ten(EXA),
        "Ki" => two(10),
        "Mi" => two(20),
        "Gi" => two(30),
        "Ti" => two(40),
        "Pi" => two(50),
        "Ei" => two(60),
        _ => {
            let digits = text.strip_prefix(['e', 'E']).ok_or_else(wrong_suffix)?;
            let exponent: i64 = digits.parse().map_err(|_| wrong_suffix())?;
            if exponent.unsigned_abs() > EXPONENT_MAX.unsigned_abs() {
                return Err(wrong_suffix());
            }
            let exponent = i32::try_from(exponent).map_err(|_| wrong_suffix())?;
            Ok(Suffix { base: Base::Ten, exponent, format: Format::DecimalExponent })
        }
    }
}

/// Splits a number into sign, digits before and after the point, and the rest.
fn split(text: &str) -> Result<(bool, &str, &str, &str), QuantityError> {
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(wrong_format());
    }
    let letters = rest.bytes().take_while(|byte| b"eEinumkKMGTP".contains(byte)).count();
    let tail = rest[letters..].strip_prefix(['-', '+']).unwrap_or(&rest[letters..]);
    if !tail.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong_format());
    }
    Ok((negative, whole, fraction, rest))
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (negative, whole, fraction, rest) = split(text)?;
        let suffix = suffix(rest)?;
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        // Digits that do not fit are beyond what a quantity can tell apart; those of the whole only set the scale.
        let kept_whole = &whole[..whole.len().min(DIGITS_MAX)];
        let room = DIGITS_MAX - kept_whole.len();
        let kept_fraction = &fraction[..fraction.len().min(room)];
        let mut mantissa: i128 = 0;
        for digit in kept_whole.bytes().chain(kept_fraction.bytes()) {
            mantissa = mantissa * 10 + i128::from(digit - b'0');
        }
        let is_cut = |digits: &str| digits.bytes().any(|digit| digit != b'0');
        if is_cut(&fraction[kept_fraction.len()..]) || is_cut(&whole[kept_whole.len()..]) {
            mantissa += 1;
        }
        let dropped = i32::try_from(whole.len() - kept_whole.len()).map_err(|_| wrong_format())?;
        let mut scale = dropped - i32::try_from(kept_fraction.len()).map_err(|_| wrong_format())?;
        match suffix.base {
            Base::Ten => scale += suffix.exponent,
            Base::Two => mantissa = scale_binary(&mut scale, mantissa, suffix.exponent),
        }
        // So many digits are as little meant as such an exponent.
        if i64::from(scale) > EXPONENT_MAX {
            return Err(wrong_suffix());
        }
        let mut quantity = Self { mantissa, scale, format: suffix.format }.rounded();
        if quantity.format == Format::BinarySi {
            let max = Self { mantissa: BINARY_MAX, scale: 0, format: Format::BinarySi };
            if quantity > max {
                quantity = max;
            } else if quantity.mantissa > 0 && quantity < Self::from_units(1) {
                quantity.format = Format::DecimalSi;
            }
        }
        if negative {
            quantity.mantissa = -quantity.mantissa;
        }
        Ok(quantity)
    }
}

/// `mantissa` × 2^`exponent`, giving up digits after the point that do not fit.
fn scale_binary(scale: &mut i32, mantissa: i128, exponent: i32) -> i128 {
    let factor = 1_i128 << exponent;
    let mut mantissa = mantissa;
    loop {
        match mantissa.checked_mul(factor) {
            Some(product) => return product,
            None if *scale < 0 => {
                mantissa = divide_up(mantissa, 1);
                *scale += 1;
            }
            None => return i128::MAX,
        }
    }
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0, format: Format::DecimalSi };

    /// A whole number.
    pub const fn from_units(units: i64) -> Self {
        Self { mantissa: units as i128, scale: 0, format: Format::DecimalSi }
    }

    /// A number of thousandths.
    pub const fn from_milli(milli: i64) -> Self {
        Self { mantissa: milli as i128, scale: -3, format: Format::DecimalSi }
    }

    /// A number of bytes, written with `Ki`, `Mi`, …
    pub const fn from_bytes(bytes: i64) -> Self {
        Self { mantissa: bytes as i128, scale: 0, format: Format::BinarySi }
    }

    /// The same number in another notation.
    #[must_use]
    pub const fn with_format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// The preferred notation.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// In thousandths, rounded up; saturating.
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }

    /// In units, rounded up; saturating.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// In units of 10^`scale`, rounded away from zero; saturating.
    pub fn scaled_value(&self, scale: i32) -> i64 {
        let number = self.at_scale(scale);
        i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
    }

    fn at_scale(&self, scale: i32) -> i128 {
        if self.mantissa == 0 {
            return 0;
        }
        let shift = self.scale - scale;
        if shift >= 0 {
            let limit = if self.mantissa < 0 { i128::MIN } else { i128::MAX };
            pow10(shift.unsigned_abs()).and_then(|factor| self.mantissa.checked_mul(factor)).unwrap_or(limit)
        } else {
            divide_up(self.mantissa, shift.unsigned_abs())
        }
    }

    /// As a floating-point number, which may lose precision.
    pub fn as_f64(&self) -> f64 {
        self.mantissa as f64 * 10_f64.powi(self.scale)
    }

    /// Whether the number is zero.
    pub const fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// −1, 0 or 1.
    pub const fn signum(&self) -> i32 {
        self.mantissa.signum() as i32
    }

    /// Whether the number is whole.
    pub fn is_integer(&self) -> bool {
        let shortest = self.shortest();
        shortest.mantissa == 0 || shortest.scale >= 0
    }

    /// Rounded away from zero to a multiple of 10^`scale`.
    #[must_use]
    pub fn round_up(self, scale: i32) -> Self {
        if self.scale >= scale {
            return self;
        }
        Self { mantissa: self.at_scale(scale), scale, format: self.format }
    }

    fn rounded(self) -> Self {
        self.round_up(NANO)
    }

    /// Without zeros at the end of the mantissa.
    fn shortest(self) -> Self {
        let Self { mut mantissa, mut scale, format } = self;
        if mantissa == 0 {
            return Self { mantissa: 0, scale: 0, format };
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            scale += 1;
        }
        Self { mantissa, scale, format }
    }

    /// The sum: `+`, for the end of a chain.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the operator is there too")]
    pub fn add(self, other: Self) -> Self {
        self + other
    }

    /// The difference: `-`, for the end of a chain.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "the operator is there too")]
    pub fn sub(self, other: Self) -> Self {
        self - other
    }

    fn fmt_decimal(self, exponent_form: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mut mantissa, mut scale, .. } = self.shortest();
        let down = scale.rem_euclid(3);
        mantissa = mantissa.saturating_mul(if down == 2 {
            100
        } else if down == 1 {
            10
        } else {
            1
        });
        scale -= down;
        if exponent_form {
            return if scale == 0 { write!(f, "{mantissa}") } else { write!(f, "{mantissa}e{scale}") };
        }
        let suffix = match scale {
            -9 => "n",
            -6 => "u",
            -3 => "m",
            0 => "",
            3 => "k",
            6 => "M",
            9 => "G",
            12 => "T",
            15 => "P",
            _ => "E",
        };
        write!(f, "{mantissa}")?;
        for _ in EXA..scale {
            f.write_str("0")?;
        }
        f.write_str(suffix)
    }
}

/// The sum; saturating. Takes the other's notation when this is zero.
impl Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        if other.is_zero() {
            return self;
        }
        if self.is_zero() {
            return other;
        }
        let scale = self.scale.min(other.scale);
        let mantissa = self.at_scale(scale).saturating_add(other.at_scale(scale));
        Self { mantissa, scale, format: self.format }
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The difference; saturating. Takes the other's notation when this is zero.
impl Sub for Quantity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// The number with the other sign.
impl Neg for Quantity {
    type Output = Self;

    fn neg(self) -> Self {
        Self { mantissa: self.mantissa.saturating_neg(), ..self }
    }
}

/// Multiplied by a whole number; saturating.
impl Mul<i64> for Quantity {
    type Output = Self;

    fn mul(self, factor: i64) -> Self {
        Self { mantissa: self.mantissa.saturating_mul(i128::from(factor)), ..self }
    }
}

/// The sum of many; zero for none.
impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        quantities.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Quantity {
    /// The canonical form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        match self.format {
            Format::DecimalExponent => self.fmt_decimal(true, f),
            Format::DecimalSi => self.fmt_decimal(false, f),
            Format::BinarySi => {
                let units = self.at_scale(0);
                // Small and fractional numbers are exact only in decimal.
                if units.unsigned_abs() < 1024 || !self.is_integer() {
                    return self.fmt_decimal(false, f);
                }
                let (mut number, mut power) = (units, 0);
                while number % 1024 == 0 && power < 6 {
                    number /= 1024;
                    power += 1;
                }
                write!(f, "{number}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][power])
            }
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.signum().cmp(&other.signum());
        if signs != Ordering::Equal || self.is_zero() {
            return signs;
        }
        let scale = self.scale.min(other.scale);
        let (a, b) = (self.at_scale(scale), other.at_scale(scale));
        if a == b && (a == i128::MAX || a == i128::MIN) {
            // Both left the range: compare by magnitude.
            let order = self.shortest().scale.cmp(&other.shortest().scale);
            return if a < 0 { order.reverse() } else { order };
        }
        a.cmp(&b)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let shortest = self.shortest();
        shortest.mantissa.hash(state);
        shortest.scale.hash(state);
    }
}

impl Default for Quantity {
    fn default() -> Self {
        Self::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn what_fuzzing_found() {
        for text in ["1E-9223372036854775808", "1e9223372036854775807", &"7".repeat(2000)] {
            text.parse::<Quantity>().expect_err(text);
        }
        let long: Quantity = "1234567890".repeat(7).parse().expect("a quantity");
        let again: Quantity = long.to_string().parse().expect("a quantity");
        assert_eq!(again.to_string(), long.to_string());
    }

    #[test]
    fn canonical_text() {
        let check = |text: &str, expect: &str| assert_eq!(q(text).to_string(), expect, "{text}");
        for (text, expect) in [
            ("0", "0"),
            ("0Ki", "0"),
            ("-0", "0"),
            ("00100", "100"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("0.5", "500m"),
            ("1000", "1k"),
            ("1024", "1024"),
            ("1024Ki", "1Mi"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("1000Ki", "1000Ki"),
            ("512", "512"),
            ("0.1Ki", "102400m"),
            ("1e3", "1e3"),
            ("1E3", "1e3"),
            ("1.1e3", "1100"),
            ("12e4", "120e3"),
            ("1e-3", "1e-3"),
            ("100n", "100n"),
            ("0.1n", "1n"),
            ("1E", "1E"),
            ("-1.5Gi", "-1536Mi"),
            ("5Ki", "5Ki"),
            ("0.5Ki", "512"),
            ("+5", "5"),
            (".5", "500m"),
            ("5.", "5"),
            ("1000E", "1000E"),
            ("1234567890", "1234567890"),
            ("9Ei", "9223372036854775807"),
            ("0.0000000001Ki", "103n"),
        ] {
            check(text, expect);
        }
    }

    #[test]
    fn bad_text_is_refused() {
        for text in ["", ".", "-", "Mi", "1 ", " 1", "1.2.3", "1Kib", "1é", "--1", "1e3x"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        for text in ["1kk", "1e", "1e99999", "1i", "1K"] {
            assert_eq!(text.parse::<Quantity>(), Err(wrong_suffix()), "{text}");
        }
    }

    #[test]
    fn values_round_up_and_saturate() {
        assert_eq!(q("1m").value(), 1);
        assert_eq!(q("1001m").value(), 2);
        assert_eq!(q("-1001m").value(), -2);
        assert_eq!(q("100u").milli_value(), 1);
        assert_eq!(q("1e30").value(), i64::MAX);
        assert_eq!(q("-1e30").value(), i64::MIN);
        assert_eq!(q("2").milli_value(), 2000);
        assert!(q("1e40") > q("1e39") && q("-1e40") < q("-1e39"));
        assert!(q("1000m").is_integer() && !q("1500m").is_integer());
    }

    #[test]
    fn arithmetic_keeps_the_notation() {
        assert_eq!((q("1Gi") + q("1Gi")).to_string(), "2Gi");
        assert_eq!((q("0") + q("1Gi")).to_string(), "1Gi");
        assert_eq!((q("1") - q("250m")).to_string(), "750m");
        assert_eq!(q("1").cmp(&q("1000m")), Ordering::Equal);
        assert_eq!((q("3") * 4).to_string(), "12");
    }

    proptest! {
        #[test]
        fn text_round_trips(mantissa in -1_000_000_000_000_i64..1_000_000_000_000, suffix in "(|n|u|m|k|M|Ki|Mi|e3|e-3)") {
            let first = q(&format!("{mantissa}{suffix}"));
            let second = q(&first.to_string());
            prop_assert_eq!(first, second);
            prop_assert_eq!(first.to_string(), second.to_string());
        }

        #[test]
        fn sums_agree_with_integers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
            let (qa, qb) = (Quantity::from_milli(a), Quantity::from_milli(b));
            prop_assert_eq!((qa + qb).milli_value(), a + b);
            prop_assert_eq!((qa - qb).milli_value(), a - b);
            prop_assert_eq!(qa.cmp(&qb), a.cmp(&b));
        }

        #[test]
        fn nothing_panics(text in ".{0,40}") {
            drop(text.parse::<Quantity>());
        }

        #[test]
        fn no_number_panics(text in "[-+]?[0-9]{0,50}\\.?[0-9]{0,50}([KMGTPE]i?|e[0-9]{1,3}|m|n)?") {
            if let Ok(quantity) = text.parse::<Quantity>() {
                let back = quantity.to_string().parse::<Quantity>();
                prop_assert!(back.is_ok());
                prop_assert!(quantity.is_zero() || (quantity - quantity).is_zero());
            }
        }
    }
}
