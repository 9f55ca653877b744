/** Passwords in addresses, which no message may show. */

/** An address with a user, up to where a message or the address ends. */
const ADDRESS = /\b(mqtts?:\/\/[^\s/:@[\]"']*):([^\s"']*)/g;
/** A port, and what may follow it. */
const PORT = /^\d+(?:[/?:,;.)]|$)/;

/** `text` without the passwords of the addresses in it: `mqtt://ada@host/a`. */
export function withoutPasswords(text: string): string {
  return text.replace(ADDRESS, (all, user: string, rest: string) => {
    if (PORT.test(rest) && !/^[^/]*@/.test(rest)) return all;
    const slash = rest.indexOf("/");
    const inAuthority = rest.slice(0, slash < 0 ? undefined : slash).lastIndexOf("@");
    // A slash in a password should be written %2F.
    const at = inAuthority < 0 ? rest.lastIndexOf("@") : inAuthority;
    if (at >= 0) return user + rest.slice(at);
    return rest.endsWith(":") ? `${user}:` : user;
  });
}

/** The same for a message about the command line `args`, where passwords may have spaces and quotes, too. */
export function hidePasswords(text: string, args: readonly string[]): string {
  let hidden = text;
  for (const arg of args) {
    const [, password] = /mqtts?:\/\/[^\s/:@[\]]*(:[^/]*)@/s.exec(arg) ?? [];
    if (password !== undefined && !/^:\d+[/?]/.test(password))
      hidden = hidden.replaceAll(`${password}@`, "@");
  }
  return withoutPasswords(hidden);
}
