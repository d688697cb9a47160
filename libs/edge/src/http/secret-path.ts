const SECRET = /^\/(?:[pu](?:[/?]|$)|sign-in\/.)/;

/** Whether what is asked for may hold a secret of whoever asks: it must get into no other address. */
export const isSecretPath = (url: string): boolean => SECRET.test(url);
