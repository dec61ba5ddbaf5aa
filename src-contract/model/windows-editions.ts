const client = (number: 10 | 11): string[] =>
  ['Pro', 'Home', 'Education', 'Enterprise', 'Pro Education', 'Pro for Workstations'].map(
    (edition) => `Windows ${number} ${edition}`,
  );

const server = (year: 2016 | 2019 | 2022 | 2025): string[] =>
  ['SERVERSTANDARD', 'SERVERSTANDARDCORE', 'SERVERDATACENTER', 'SERVERDATACENTERCORE'].map(
    (edition) => `Windows Server ${year} ${edition}`,
  );

/**
 * What Microsoft's media call the images on them, by libosinfo's short id; the usual one first. A medium has only some
 * of a client's, and those of other contracts and countries have more.
 */
const EDITIONS: Readonly<Record<string, readonly string[]>> = {
  win10: client(10),
  win11: client(11),
  win2k16: server(2016),
  win2k19: server(2019),
  win2k22: server(2022),
  win2k25: server(2025),
};

/** Of a Windows that is not known those of the newest, as it is installed like that. */
export const windowsEditions = (osinfoId: string | undefined): readonly string[] =>
  EDITIONS[osinfoId ?? ''] ?? client(11);
