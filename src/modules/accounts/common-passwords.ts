/**
 * Long passwords (10 characters and more, or stems to which digits are added) at the top of public breach lists, lower case.
 * Shorter ones are refused by length.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 password12345 passwordpassword passw0rd123 iloveyou iloveyou12 iloveyou123
  iloveyouforever qwerty qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123 qwertyuiopasdfghjkl qwertyqwerty qwertz
  qwertzuiop azertyuiop asdfghjkl asdfghjkl1 asdfghjkl123 asdfasdfasdf zxcvbnm zxcvbnm123 zxcvbnmzxcvbnm 1qaz2wsx3edc 1qaz2wsx3edc4rfv
  1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedc qazwsxedcrfv zaq12wsxcde3 1234567890 12345678910
  123456789a 123456789q 123456789abc 1234512345 123123123 123123123123 1231231234 1122334455 0123456789 0987654321 9876543210 987654321a
  abc1234567 abcd1234567 abcdefghij abcdefg123 abcdef1234 a123456789 aa12345678 aa123456789 administrator administrator1 admin admin1234
  admin12345 admin123456 adminadmin adminadmin1 letmein letmeinnow letmeinplease welcome welcome123 welcome1234 welcome2steward changeme
  changeme123 changeme1234 changethis changemenow default defaultpassword secret secretpassword topsecret supersecret football football1
  football123 baseball baseball1 basketball basketball1 superman superman1 superman123 batman spiderman princess princess1 princess123
  sunshine sunshine1 sunshine123 monkey monkey123 dragon dragon123 master master123 michael jennifer michelle charlie jordan23 liverpool
  liverpool1 chelsea arsenal manchester manchesterunited barcelona realmadrid starwars starwars1 pokemon pokemon123 computer computer1
  computer123 internet internet1 internet123 samsung samsung123 microsoft google googlegoogle facebook facebook1 whatever whatever1
  trustno1 trustnoone blink182 mypassword mypassword1 mypassword123 yourpassword newpassword newpassword1 testpassword testtest testtesttest
  test test123456 test1234567 guest guestguest user username username123 useruser rootroot root toor steward stewardsteward
  stewardpassword company companypassword businessbusiness businesspassword correcthorsebatterystaple hellohello helloworld helloworld123
  hello hello123456 loveyouforever iloveyousomuch ilovemyfamily ilovejesus godisgood jesuschrist blessed1 fuckyou fuckyou123 fuckyoubitch
  motdepasse contraseña contrasena passwort passwort123 passwort1 hallohallo schatz qwerasdfzxcv qweasdzxc qweasdzxc123 qwe123qwe123
  asd123asd123 zxc123zxc123 1234qwerasdf 1234567890q 12345qwert 12345qwertasdfg 123qweasdzxc 123qweasd 147258369 1472583690 159357258456
  7777777777 8888888888 9999999999 summer summer2023 summer2024 summer2025 summer2026 winter winter2023 winter2024 winter2025 winter2026
  spring2024 spring2025 spring2026 autumn2024 autumn2025 january2025 january2026 monday tuesday wednesday thursday friday friday123
  p@ssw0rd p@ssw0rd1 p@ssw0rd12 p@ssw0rd123 p@ssword p@ssword123 pa$$word pa$$w0rd pa55word pa55w0rd pass1234567 pass123456 passpasspass`.split(
    /\s+/,
  ),
);
