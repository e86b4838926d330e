/** The one refusal of error 100 that is none. */
export const NOTHING_TO_CHANGE = 'nothing_to_change'

/** What error 100 says after its colon (docs/platforms/vk.md#traps), most telling first. */
const PARAMETERS: readonly (readonly [RegExp, string])[] = [
  [/nothing to change/i, NOTHING_TO_CHANGE],
  [/only groups supported|owner_id|group_id/i, 'community_unknown'],
  [/already assigned|photo not found/i, 'photo_used'],
  [/photo (is )?(undefined|required|missing)/i, 'no_photo'],
  [/photo|crop|upload_response/i, 'photo_refused'],
  [/\bname\b.*(at least|short|minimum|empty|undefined)/i, 'name_too_short'],
  [/\bname\b.*(at most|long|maximum|exceed|more than)/i, 'name_too_long'],
  [/description.*(at most|long|maximum|exceed|more than)/i, 'description_too_long'],
  [/description/i, 'description_too_short'],
  [/categor/i, 'category_missing'],
  [/price/i, 'price_refused'],
  [/\bsku\b/i, 'sku_refused'],
  [/stock/i, 'stock_refused'],
  [/\btitle\b|album/i, 'album_refused'],
]

/** Our code for the field that error 100 complains of; `item_unknown` when the text tells nothing. */
export const parameterCode = (message: string): string =>
  PARAMETERS.find(([pattern]) => pattern.test(message))?.[1] ?? 'item_unknown'
