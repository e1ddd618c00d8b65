//! The words that an installation begins with, and that the list of messages falls back on.
//!
//! Short on purpose: a short message in any of them is one part. Uzbek stays within the letters of GSM-7, its apostrophe that of ASCII.

use super::{Channel, NoticeType};
use crate::account::Language;

/// The words of a type over a channel: those of the list, unless the channel wants others.
#[must_use]
pub const fn built_in(notice: NoticeType, channel: Channel, language: Language) -> &'static str {
    let [uzbek, russian, english] = match channel {
        Channel::System => listed(notice),
        Channel::Sms => texted(notice),
        Channel::Push | Channel::Email => outside(notice),
    };
    match language {
        Language::Uzbek => uzbek,
        Language::Russian => russian,
        Language::English => english,
    }
}

/// In the list of messages, which nobody but their owner reads.
const fn listed(notice: NoticeType) -> [&'static str; 3] {
    match notice {
        NoticeType::Otp => [
            "Tasdiqlash kodi SMS orqali yuborildi.",
            "Код подтверждения отправлен в SMS.",
            "A confirmation code was sent by SMS.",
        ],
        NoticeType::PasswordReset => [
            "Parolni tiklash kodi SMS orqali yuborildi.",
            "Код для нового пароля отправлен в SMS.",
            "A code for a new password was sent by SMS.",
        ],
        NoticeType::OrderCreated => [
            "{store}: {order_id}-buyurtma qabul qilindi. Jami {total_price} so'm.",
            "{store}: заказ {order_id} принят. Сумма {total_price} сум.",
            "{store}: order {order_id} is placed. Total {total_price} UZS.",
        ],
        NoticeType::OrderAwaitingPrescription => [
            "{order_id}-buyurtma uchun retsept rasmini yuklang.",
            "Загрузите рецепт для заказа {order_id}.",
            "Order {order_id} needs a picture of the prescription.",
        ],
        NoticeType::OrderAwaitingPayment => [
            "{order_id}-buyurtmani {minutes} daqiqa ichida to'lang. Jami {total_price} so'm.",
            "Оплатите заказ {order_id} за {minutes} мин. Сумма {total_price} сум.",
            "Pay order {order_id} within {minutes} minutes. Total {total_price} UZS.",
        ],
        NoticeType::OrderPaid => [
            "{order_id}-buyurtma to'landi: {total_price} so'm.",
            "Заказ {order_id} оплачен: {total_price} сум.",
            "Order {order_id} is paid: {total_price} UZS.",
        ],
        NoticeType::OrderPreparing => [
            "{order_id}-buyurtma tayyorlanmoqda.",
            "Заказ {order_id} собирается.",
            "Order {order_id} is being prepared.",
        ],
        NoticeType::OrderReadyForDelivery => [
            "{order_id}-buyurtma yetkazishga tayyor.",
            "Заказ {order_id} готов к доставке.",
            "Order {order_id} is ready for delivery.",
        ],
        NoticeType::OrderOnTheWay => [
            "{order_id}-buyurtma yo'lda. Kuryer: {courier}.",
            "Заказ {order_id} в пути. Курьер: {courier}.",
            "Order {order_id} is on its way. Courier: {courier}.",
        ],
        NoticeType::OrderDelivered => [
            "{order_id}-buyurtma yetkazildi. Jami {total_price} so'm.",
            "Заказ {order_id} доставлен. Сумма {total_price} сум.",
            "Order {order_id} is delivered. Total {total_price} UZS.",
        ],
        NoticeType::OrderCancelled => [
            "{order_id}-buyurtma bekor qilindi. {reason}",
            "Заказ {order_id} отменён. {reason}",
            "Order {order_id} is cancelled. {reason}",
        ],
        NoticeType::PrescriptionApproved => [
            "{order_id}-buyurtma retsepti tasdiqlandi.",
            "Рецепт для заказа {order_id} принят.",
            "The prescription of order {order_id} is approved.",
        ],
        NoticeType::PrescriptionRejected => [
            "{order_id}-buyurtma retsepti qabul qilinmadi, qayta yuklang. {reason}",
            "Рецепт для заказа {order_id} не принят, загрузите другой. {reason}",
            "The prescription of order {order_id} is not accepted, upload another. {reason}",
        ],
        NoticeType::LateMoney => [
            "{order_id}-buyurtma uchun ortiqcha pul keldi, u qaytarilishi kerak.",
            "Заказ {order_id}: пришли лишние деньги, их надо вернуть.",
            "Order {order_id}: money came that is to go back.",
        ],
        NoticeType::PaymentDoubtful => [
            "{order_id}-buyurtma: Click tasdiqlagan to'lovini keyin bekor dedi, tekshiring.",
            "Заказ {order_id}: Click отменил подтверждённую оплату.",
            "Order {order_id}: Click calls a payment failed that it had confirmed.",
        ],
        NoticeType::ReversalFailed => [
            "{order_id}-buyurtma: Click pulni qaytarmadi, qo'lda qaytaring.",
            "Заказ {order_id}: Click не вернул деньги, верните сами.",
            "Order {order_id}: Click did not give the money back, do it by hand.",
        ],
        NoticeType::FiscalFailed => [
            "{order_id}-buyurtma: Click orqali soliq cheki olinmadi, tekshiring.",
            "Заказ {order_id}: нет фискального чека от Click, проверьте.",
            "Order {order_id}: no tax receipt came through Click, look into it.",
        ],
        NoticeType::PaymentDiffers => [
            "{order_id}-buyurtma: Click to'lov haqida boshqacha aytadi, tekshiring.",
            "Заказ {order_id}: данные Click об оплате расходятся с нашими.",
            "Order {order_id}: Click says otherwise of its payment than we do.",
        ],
    }
}

/// On a screen that others may see: no reason of a pharmacist stands there.
const fn outside(notice: NoticeType) -> [&'static str; 3] {
    match notice {
        NoticeType::PrescriptionRejected => [
            "{order_id}-buyurtma retsepti qabul qilinmadi, qayta yuklang.",
            "Рецепт для заказа {order_id} не принят, загрузите другой.",
            "The prescription of order {order_id} is not accepted, upload another.",
        ],
        NoticeType::Otp
        | NoticeType::PasswordReset
        | NoticeType::OrderCreated
        | NoticeType::OrderAwaitingPrescription
        | NoticeType::OrderAwaitingPayment
        | NoticeType::OrderPaid
        | NoticeType::OrderPreparing
        | NoticeType::OrderReadyForDelivery
        | NoticeType::OrderOnTheWay
        | NoticeType::OrderDelivered
        | NoticeType::OrderCancelled
        | NoticeType::PrescriptionApproved
        | NoticeType::LateMoney
        | NoticeType::PaymentDoubtful
        | NoticeType::ReversalFailed
        | NoticeType::FiscalFailed
        | NoticeType::PaymentDiffers => listed(notice),
    }
}

/// In a short message: the code where there is one, and no reason, which may be long.
const fn texted(notice: NoticeType) -> [&'static str; 3] {
    match notice {
        NoticeType::Otp => [
            "Savdo: kodingiz {code}. Uni hech kimga aytmang.",
            "Savdo: код {code}. Никому его не сообщайте.",
            "Savdo: your code is {code}. Tell it to nobody.",
        ],
        NoticeType::PasswordReset => [
            "Savdo: parolni tiklash kodi {code}. Uni hech kimga aytmang.",
            "Savdo: код для нового пароля {code}. Никому его не сообщайте.",
            "Savdo: your password reset code is {code}. Tell it to nobody.",
        ],
        NoticeType::OrderCancelled => [
            "{order_id}-buyurtma bekor qilindi.",
            "Заказ {order_id} отменён.",
            "Order {order_id} is cancelled.",
        ],
        NoticeType::OrderCreated
        | NoticeType::OrderAwaitingPrescription
        | NoticeType::OrderAwaitingPayment
        | NoticeType::OrderPaid
        | NoticeType::OrderPreparing
        | NoticeType::OrderReadyForDelivery
        | NoticeType::OrderOnTheWay
        | NoticeType::OrderDelivered
        | NoticeType::PrescriptionApproved
        | NoticeType::PrescriptionRejected
        | NoticeType::LateMoney
        | NoticeType::PaymentDoubtful
        | NoticeType::ReversalFailed
        | NoticeType::FiscalFailed
        | NoticeType::PaymentDiffers => outside(notice),
    }
}

#[cfg(test)]
mod tests {
    use super::built_in;
    use crate::account::Language;
    use crate::coded::Coded;
    use crate::notice::{Channel, NoticeType, Place, Template, fill};

    /// The letters of GSM 03.38 that take one septet each; those of the extension take two.
    const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENSION: &str = "^{}\\[~]|€";

    /// The septets of a text, or none when it needs UCS-2.
    fn septets(text: &str) -> Option<usize> {
        let sign = |sign: char| {
            if GSM.contains(sign) {
                Some(1)
            } else {
                EXTENSION.contains(sign).then_some(2)
            }
        };
        text.chars().map(sign).sum()
    }

    /// As long as these get in a long life.
    fn value(place: Place) -> Option<String> {
        let value = match place {
            Place::OrderId | Place::PaymentId => "1234567",
            Place::TotalPrice => "12345678.90",
            Place::Store => "Salomatlik dorixonasi",
            Place::Minutes => "1440",
            Place::Courier => "Abdurahmon",
            Place::Reason => "Dori qolmadi",
            Place::Code => "123456",
        };
        Some(value.to_owned())
    }

    fn all() -> impl Iterator<Item = (NoticeType, Channel, Language, &'static str)> {
        NoticeType::ALL.iter().flat_map(|notice| {
            Channel::ALL.iter().flat_map(move |channel| {
                let text = |language: &Language| (*notice, *channel, *language, built_in(*notice, *channel, *language));
                Language::ALL.iter().map(text)
            })
        })
    }

    #[test]
    fn every_word_is_a_template_of_its_type() {
        for (notice, channel, language, text) in all() {
            let template = Template::parse(text, (notice, channel));
            assert!(
                template.is_ok_and(|template| template.as_str() == text),
                "{notice} {channel} {language}: {text}"
            );
        }
        assert_eq!(all().count(), 18 * 4 * 3);
    }

    #[test]
    fn every_short_message_is_one_part_and_uzbek_is_gsm() {
        for (notice, channel, language, text) in all().filter(|(_, channel, ..)| *channel == Channel::Sms) {
            let said = fill(text, value).text;
            let is_short = match (septets(&said), language) {
                (Some(septets), _) => septets <= 160,
                (None, Language::Russian) => said.encode_utf16().count() <= 70,
                (None, Language::Uzbek | Language::English) => false,
            };
            assert!(
                is_short,
                "{notice} {channel} {language}: {} {said}",
                said.encode_utf16().count()
            );
        }
    }

    #[test]
    fn a_code_stands_in_short_messages_alone() {
        for (notice, channel, language, text) in all() {
            let has_code = text.contains("{code}");
            assert_eq!(
                has_code,
                notice.is_code() && channel == Channel::Sms,
                "{notice} {channel} {language}"
            );
        }
    }
}
