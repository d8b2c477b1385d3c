/** Series with these labels are this link. */
export interface LinkRule {
  labels: Readonly<Record<string, string>>;
  link: string;
}

/**
 * The link that a series measures: that of the first rule whose labels it has, else its own labels
 * put into the pattern (`{instance}/{device}`).
 *
 * @returns `undefined` where no rule fits and the pattern is empty, names a label the series lacks,
 *   or makes no name of 1 to 128 characters
 */
export function linkOf(
  labels: Readonly<Record<string, string>>,
  naming: { rules: readonly LinkRule[]; pattern: string },
): string | undefined {
  const rule = naming.rules.find((each) =>
    Object.entries(each.labels).every(([label, value]) => labels[label] === value),
  );
  if (rule !== undefined) return rule.link;
  let isKnown = true;
  const name = naming.pattern.replaceAll(/\{(\w+)\}/g, (_, label: string) => {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  const isName = name.length >= 1 && name.length <= linkLengthMax && !/\p{Cc}/u.test(name);
  return isKnown && isName ? name : undefined;
}

const linkLengthMax = 128;
