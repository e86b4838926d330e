/** Shortest description VK takes (docs/platforms/vk.md#cards). */
const SHORTEST = 10

/** Addresses with their scheme or `www`, and names that end like those of sites. */
const LINK =
  /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\d@])[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.(?:ru|рф|su|com|net|org|info|biz|pro|me|io|shop|store|online|site|by|kz)(?![\p{L}\d])(?:\/\S*)?/giu

/** The description without its links; undefined when there are none, or when too little is left. */
export function withoutLinks(description: string): string | undefined {
  const rest = description
    .replace(LINK, '')
    .replace(/[^\S\n]{2,}/g, ' ')
    .trim()
  return rest !== description && Array.from(rest).length >= SHORTEST ? rest : undefined
}
