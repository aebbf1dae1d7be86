// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_table.h"

#include <QStringList>

#include <algorithm>
#include <cstring>

namespace mf::cli {

namespace {

const OptionSpec kLose = { "lose", Value::Choice, "0|1|2",
    "how many accounts (failure domains) may vanish without losing the model", false, { "0", "1", "2" } };
const OptionSpec kCopies = { "copies", Value::Copies, "N", "keep N whole copies, each in another failure domain" };
const OptionSpec kErasure
    = { "erasure", Value::Erasure, "K+M", "cut into K pieces and add M spare ones: any K of them are enough" };
const OptionSpec kAccounts
    = { "accounts", Value::Accounts, "A,B", "use only these accounts; names with commas between" };
const OptionSpec kName = { "name", Value::Text, "N", "the model's name; without it, the file's or folder's own" };

std::vector<CommandSpec> makeTable()
{
    std::vector<CommandSpec> table;
    table.push_back({ "init", "Makes a library.",
        { "A library is the catalogue of all your models and the keys to them. Making one also makes its recovery kit: "
          "24 words which, with enough of your accounts, open the library on any computer. Whoever has them can read "
          "your models; without them and without this computer nobody can, you included.",
            "The kit is printed on the terminal, or written to the file that --kit names, which only you can read. "
            "Print "
            "it or copy it by hand, and keep it away from this computer." },
        {},
        { { "kit", Value::File, "FILE", "write the recovery kit to FILE (mode 0600, never over an existing file)" },
            { "from-kit", Value::File, "FILE",
                "open an existing library with the words in FILE; then account add its places, then recover. Where the "
                "library is open already: take in the new kit that another computer made" } },
        { { "init", "make a library; the 24 words appear on the terminal" },
            { "init --kit ~/modelfloat-kit.txt", "the words go to a file" },
            { "init --from-kit ~/modelfloat-kit.txt", "your library on a new computer" } },
        { "kit", "from-kit" } });
    table.push_back({ "recover", "Rebuilds this computer's catalogue from the accounts.",
        { "Reads the library's log, the manifests of all models and where their fragments lie, from as many accounts "
          "as can be reached. What this computer knew already stays. Use it after init --from-kit, or when the "
          "catalogue was lost or restored from an old backup.",
            "Any accounts will do that together hold enough fragments. The exit status is 5 if some model cannot be "
            "read back with those that are connected." },
        {}, {}, { { "recover", "find all models again" } } });
    table.push_back({ "sync", "Takes in what your other computers stored and removed.",
        { "Also finishes what was interrupted on this one, and moves what waits on it to the accounts. store does the "
          "same before it begins.",
            "Models that are known to be below their protection are named by number, or repaired if you said so "
            "(limits repair=always); the exit status is then that of repair. It does not look for damage: check "
            "does." },
        {}, {}, { { "sync", "see what is new" }, { "sync --json", "the same for a script" } } });
    table.push_back({ "account add", "Connects an account: a place that stores fragments of your models.",
        { "The account is tested first, by writing, reading, listing and deleting a small file; it is kept only if "
          "that worked. "
          "A password or secret key is asked for on the terminal, or read from standard input with --secret-stdin. It "
          "goes to the keychain, never into an argument or a settings file.",
            "Accounts that fail together should count as one: domain=NAME puts an account into a failure domain. By "
            "default each cloud account is one of its own, and a folder belongs to the disk on which it lies." },
        { { "KIND", Value::Kind, "what kind of account it is" }, { "NAME", Value::Text, "what you call it" } },
        { { "set", Value::Setting, "K=V", "a setting of the account, as listed below", true },
            { "secret-stdin", Value::None, "", "read the password or secret key from standard input" } },
        { { "account add folder usb --set path=/media/usb/modelfloat", "a folder on an external disk" },
            { "account add folder a --set path=/srv/a --set domain=a",
                "a folder that you count as a failure domain of its own" },
            { "account add webdav cloud --set url=https://cloud.example/dav/models --set user=me",
                "a folder on a WebDAV server" },
            { "account add s3 b2 --set endpoint=https://s3.us-west-004.backblazeb2.com --set region=us-west-004 "
              "--set bucket=models --set access-key=KEY",
                "a bucket of an S3-compatible service" } } });
    table.push_back({ "account list", "Lists the accounts: their health, space and fragments.",
        { "“Ours” is what ModelFloat keeps there, “used” what everything there takes together." }, {}, {},
        { { "account list", "all accounts" }, { "account list --json", "the same for a script" } } });
    table.push_back({ "account test", "Tests an account by writing, reading, listing and deleting a small file.", {},
        { { "NAME", Value::Account, "the account" } }, {},
        { { "account test usb", "is the disk there, and does it take files?" } } });
    table.push_back({ "account set", "Changes settings of an account.",
        { "Every account has these settings, beside those of its kind: domain=NAME (its failure domain), up=RATE and "
          "down=RATE (speed limits, such as 2MB; none lifts one), connections=N, capacity=SIZE (use at most this much; "
          "none lifts it).",
            "What lies on the account stays where it is." },
        { { "NAME", Value::Account, "the account" },
            { "K=V", Value::Setting, "a setting and its new value", true, true } },
        {},
        { { "account set usb capacity=500GB", "use at most 500 GB of it" },
            { "account set b2 up=2MB down=none", "upload at no more than 2 MB/s" } } });
    table.push_back({ "account signin", "Gives an account a new password or secret key.",
        { "For when it was changed at the provider, or is lost on this computer. It is asked for on the terminal, or "
          "read from standard input, and tried first, by writing, reading, listing and deleting a small file: only if "
          "that works does it take the place of the old one, in the keychain.",
            "What else changed at the provider (an address, an access key) is for account set." },
        { { "NAME", Value::Account, "the account" } },
        { { "secret-stdin", Value::None, "",
            "read it from standard input; without a terminal it is read there anyway" } },
        { { "account signin cloud", "you changed the password of your cloud" } } });
    table.push_back({ "account remove", "Gives an account up.",
        { "First every fragment on it that a model needs is copied to another account, in a failure domain of its own, "
          "and deleted there as collect does; then the account is retired, on all computers of the library. Without "
          "room for all of them nothing is done, and you are told which models would lose protection.",
            "What is not done at once (lists that show changes only after hours) goes on when you call it again." },
        { { "NAME", Value::Account, "the account" } },
        { { "force", Value::None, "", "retire it at once, whatever is there: for an account that is lost" } },
        { { "account remove usb", "move everything away, then give it up" },
            { "account remove usb --force", "it is lost for good" } } });
    table.push_back({ "account lost", "Says what would become of the models without an account.", {},
        { { "NAME", Value::Account, "the account" } },
        { { "what-if", Value::None, "", "only say it; nothing is changed" } },
        { { "account lost usb --what-if", "could you do without it?" } } });
    table.push_back({ "store", "Stores files or a folder as one model.",
        { "The files are cut into chunks, chunks that are stored already are not sent again, the rest is compressed, "
          "encrypted and spread over your accounts. Storing a changed model under its name makes a new revision of it.",
            "How many accounts you may lose decides how it is spread. Without a choice: 2 with five or more accounts, "
            "1 "
            "with two to four, none with one.",
            "Ctrl+C or a crash loses nothing: the same command goes on where it was, and sends nothing twice.",
            "Where no account can be reached, the model waits on this computer only, encrypted and readable (exit "
            "status "
            "4), and moves to the accounts with the next store, repair or sync that reaches them." },
        { { "PATH", Value::Path, "a file or a folder; several become one model", true, true } },
        { kName, kLose, kCopies, kErasure, kAccounts,
            { "no-verify-encode", Value::None, "", "do not decode and compare each chunk before it is encrypted" } },
        { { "store ~/models/Qwen2.5-7B-Instruct-Q4_K_M.gguf", "one file, protected as fits your accounts" },
            { "store ~/models/TinyLlama-1.1B --name TinyLlama --lose 2", "a folder; any two accounts may vanish" },
            { "store model.gguf --erasure 3+1 --accounts mega,drive,b2,usb",
                "three pieces and a spare one, on these" } },
        { "lose", "copies", "erasure" } });
    table.push_back({ "estimate", "Says what store would do, without doing it.",
        { "Reads the files as store does: how much is new, how much it takes after compression, what each account "
          "would "
          "get and what it would have left." },
        { { "PATH", Value::Path, "a file or a folder; several become one model", true, true } },
        { kName, kLose, kCopies, kErasure, kAccounts },
        { { "estimate model.gguf --lose 2", "does it fit, if any two accounts may vanish?" } },
        { "lose", "copies", "erasure" } });
    table.push_back({ "list", "Lists the stored models.", {}, {},
        { { "search", Value::Text, "TEXT",
            "only models with these words in name, family, quantisation, tag or hash" } },
        { { "list", "all models" }, { "list --search \"qwen q4_k\"", "some of them" } } });
    table.push_back(
        { "show", "Shows one model: its files and their SHA-256, what it says of itself, where its fragments are.", {},
            { { "NAME", Value::Model, "the model: its name, the only one's beginning, or 8 digits of its id" } },
            { { "cid", Value::None, "",
                "also the IPFS CIDv1 of each file, as ipfs add --cid-version=1 --raw-leaves --chunker=size-262144 "
                "gives it" } },
            { { "show TinyLlama", "all about a model" } } });
    table.push_back({ "fetch", "Downloads a model, verifies it and writes its files.",
        { "The files come under their stored names directly below the folder. Each appears under its name only when it "
          "is whole and every byte was verified. Accounts that are missing or slow are made up for by the others.",
            "After Ctrl+C or a crash the same command goes on where it was." },
        { { "NAME", Value::Model, "the model: its name, the only one's beginning, or 8 digits of its id" } },
        { { "file", Value::Text, "GLOB", "only files that match, such as '*.gguf'", true },
            { "to", Value::Folder, "DIR", "the folder to write into; without it, the current one" },
            { "revision", Value::Count, "R", "an older revision of the model" },
            { "overwrite", Value::None, "", "replace files of that name that have other content" } },
        { { "fetch TinyLlama --to ~/models/TinyLlama", "all of it" },
            { "fetch TinyLlama --file config.json --file '*.safetensors'", "some of its files" } } });
    table.push_back({ "cat", "Writes a file of a model, or a part of it, to standard output.",
        { "Reads no more from the accounts than is needed, and verifies it before it writes." },
        { { "NAME", Value::Model, "the model" }, { "FILE", Value::Text, "the file's path in the model" } },
        { { "range", Value::Range, "A-B", "bytes A to B, counted from 0, both included; A- means: to the end" },
            { "tensor", Value::Text, "T", "the bytes of one tensor" } },
        { { "cat TinyLlama config.json", "a whole file" },
            { "cat TinyLlama model.safetensors --range 0-1023", "its first 1,024 bytes" },
            { "cat TinyLlama model.safetensors --tensor model.embed_tokens.weight", "one tensor" } },
        { "range", "tensor" } });
    table.push_back({ "remove", "Puts a model into the trash.",
        { "It can be restored for 30 days; then collect frees what no other model uses. With --forever there are no "
          "30 days: the next collect frees it, and a model in the trash is taken out of it for good.",
            "Other computers of this library see it the next time they look." },
        { { "NAME", Value::Model, "the model" } },
        { { "forever", Value::None, "", "not into the trash: give it up at once" },
            { "revision", Value::Count, "R", "only this revision of it" } },
        { { "remove TinyLlama", "into the trash" }, { "remove TinyLlama --forever", "for good" } } });
    table.push_back({ "restore", "Takes a model out of the trash.",
        { "It is there again only if nothing of it was deleted meanwhile; restore looks, and says so." },
        { { "NAME", Value::Model, "the model, as trash lists it" } }, {}, { { "restore TinyLlama", "as it was" } } });
    table.push_back({ "trash", "Lists what was removed, and until when it can be restored.", {}, {}, {},
        { { "trash", "all of it" } } });
    table.push_back({ "collect", "Frees what no model needs any more.",
        { "That is: models removed for good or longer than 30 days in the trash, revisions older than 30 days beside a "
          "model's last three, fragments above the protection that was asked for, and what interrupted stores left. "
          "Packs more than half of which is no longer needed are made anew without it, and freed.",
            "Nothing is deleted on doubt: where an account cannot be reached, or its lists show changes only after "
            "hours, collect says what waits, and goes on the next time." },
        {}, {}, { { "collect", "free what can be freed now" } } });
    table.push_back({ "check", "Finds out whether all fragments are there.",
        { "Looks at what the accounts list, and asks for what they do not list. An account that is away tells nothing: "
          "its fragments count as there until it was away for three days.",
            "With --deep every fragment is read and verified: each record is opened, parity is computed again and "
            "compared. --sample does that for a share of the packs, those first that were not verified for longest, "
            "so that a few per cent a day get round to everything.",
            "The exit status is 4 if a model is below its protection, and 5 if one cannot be read back." },
        { { "NAME", Value::Model, "the model; without it, all models", false } },
        { { "deep", Value::None, "", "read and verify every fragment" },
            { "sample", Value::Percent, "PERCENT", "read and verify this share of the packs, oldest proof first" } },
        { { "check", "look at all models" }, { "check TinyLlama --deep", "read all of one" },
            { "check --sample 3", "every day: all is read within about a month" } },
        { "deep", "sample" } });
    table.push_back({ "repair", "Rebuilds fragments that are missing or damaged.",
        { "Looks at the accounts as check does, puts packs together from the fragments that are there, verifies every "
          "record, and only then places what is missing on accounts in other failure domains. A damaged fragment is "
          "replaced where it lies. An account that is away is made up for once it was away for three days (see "
          "limits), or at once if it was given up (account remove --force).",
            "It does what it can; the exit status is 4 if a model is still below its protection, and 5 if one cannot "
            "be read back. Interrupted, the same command goes on." },
        { { "NAME", Value::Model, "the model; without it, all models", false } }, {},
        { { "repair", "all models" }, { "repair TinyLlama", "one" } } });
    table.push_back({ "protect", "Changes how many accounts a stored model may lose.",
        { "More protection is added to what lies on the accounts: further copies or parity, nothing is stored anew. "
          "Less "
          "protection takes effect at once; collect frees what is too much then.",
            "Into how many pieces the model is cut (the K of K+M, 1 for copies) is part of its packs: for another "
            "number they are read, made anew and sent, beside the old ones, which collect frees afterwards. Models "
            "that share packs with it move along; what they promise holds." },
        { { "NAME", Value::Model, "the model" } }, { kLose, kCopies, kErasure },
        { { "protect TinyLlama --lose 2", "from now on any two accounts may vanish" },
            { "protect TinyLlama --erasure 4+2", "stored as 4+1: one parity fragment more for each pack" },
            { "protect TinyLlama --erasure 2+1", "stored as copies: cut into pieces, which takes less room" } },
        { "lose", "copies", "erasure" } });
    table.push_back({ "kit", "Prints the recovery kit again, or makes a new one.",
        { "The 24 words come out of the keychain of this computer. With --out they go to a file that only you can "
          "read.",
            "If somebody may have seen the kit, or a computer with the library's keys is lost, make a new one with "
            "--new: what is stored from then on opens with the new kit alone, which opens everything older, too. It "
            "is written on every account before it is used, so all of them must be connected. Your other computers "
            "write nothing until each was given the new kit (init --from-kit FILE).",
            "The old kit still opens what was stored before; rekey ends that. Sign a lost computer out at each "
            "provider, too: keys do not keep it from deleting." },
        {},
        { { "out", Value::File, "FILE", "write the kit to FILE (mode 0600, never over an existing file)" },
            { "new", Value::None, "", "make a new kit, and new keys" } },
        { { "kit", "see the words" }, { "kit --out /media/usb/kit.txt", "write them to a file" },
            { "kit --new --out /media/usb/kit-2.txt", "a new kit, because the old one was seen" } } });
    table.push_back({ "rekey", "Ends what older recovery kits open.",
        { "After kit --new: reads what was stored under older keys, makes it anew under the newest and sends it, "
          "beside "
          "what is there, so it takes that much room and traffic. collect frees the old packs afterwards.",
            "The old kit still opens what collect has not deleted yet, the old parts of the log (names of models and "
            "times), what somebody copied before, and everything that was published over IPFS.",
            "Interrupted, the same command goes on." },
        {}, {}, { { "rekey", "then: collect" } } });
    table.push_back({ "limits", "Shows or sets speed limits, and how much and how long things may wait.",
        { "Without arguments it shows them. Settings: up=RATE and down=RATE, always; alt-up=RATE and alt-down=RATE "
          "instead of them from alt-from=HH:MM to alt-to=HH:MM on alt-days=every-day, weekdays or weekends. A rate is "
          "so many bytes a second, such as 500kB or 2.5MB; none lifts a limit, same (of alt-up and alt-down) leaves it "
          "as "
          "always. Times are those of this computer's "
          "clock. A single account's limits are set with account set.",
            "holding=SIZE is the most that may wait on this computer while no account can be reached (20 GB unless "
            "you say otherwise). revisions=N is how many revisions of each model collect keeps however old they are (3 "
            "unless you say otherwise); younger than 30 days all stay. memory=SIZE is how much of models is in memory "
            "at a time (235 MB unless you say otherwise, at least 16 MB): less of it is slower where accounts are far "
            "away. The window takes it up when it starts.",
            "away=HOURS is how long an account may be out of reach before its fragments count as lost, and repair "
            "makes up for them (72 unless you say otherwise). repair=always lets sync repair what is below its "
            "protection, and the window whenever it syncs; with repair=ask, as it is at first, they say so." },
        { { "K=V", Value::Setting, "a limit and its value", false, true } }, {},
        { { "limits", "show them" }, { "limits up=2MB", "upload at no more than 2 MB/s" },
            { "limits alt-up=none alt-from=22:00 alt-to=06:00", "but at full speed by night" } } });
    table.push_back({ "tag", "Adds tags to a model, or takes them away.",
        { "Without a tag it shows those that the model has. list --search finds models by tag." },
        { { "NAME", Value::Model, "the model" },
            { "TAG", Value::Tag, "+WORD adds a tag, -WORD removes it", false, true } },
        {}, { { "tag TinyLlama +small +chat -todo", "two tags more, one less" } } });
    table.push_back({ "demo", "A tour: stores a model on three accounts, destroys one, and gets the model back.",
        { "Everything happens in a temporary folder that is removed at the end: a library, three folder accounts, a "
          "file to store (FILE, or a small model that is made up). One account is then destroyed, the model fetched "
          "and "
          "compared byte for byte. The exit status is 0 only if all held.",
            "Your library, if you have one, is not touched." },
        { { "FILE", Value::File, "store this file instead of a made-up one", false } }, {},
        { { "demo", "half a minute, nothing needed" }, { "demo ~/models/model.gguf", "with a file of yours" } } });
    table.push_back({ "completions", "Prints completions for a shell.",
        { "Packages install them; this is for everybody else. See the examples for where they go." },
        { { "SHELL", Value::Choice, "bash, zsh or fish", true, false, { "bash", "zsh", "fish" } } }, {},
        { { "completions bash > ~/.local/share/bash-completion/completions/modelfloat-cli", "for bash" },
            { "completions zsh > ~/.zfunc/_modelfloat-cli", "for zsh, with ~/.zfunc in fpath" },
            { "completions fish > ~/.config/fish/completions/modelfloat-cli.fish", "for fish" } } });
    table.push_back({ "help", "Explains a command.", {},
        { { "COMMAND", Value::Command, "the command; without one, all of them are listed", false, true } }, {},
        { { "help", "what there is" }, { "help account add", "one command" } } });
    CommandSpec man = { "man-page", "Prints the manual page as roff.", {} };
    man.hidden = true;
    table.push_back(man);
    return table;
}

QString synopsisOf(const OptionSpec &option)
{
    const QString name = QStringLiteral("--") + text(option.name);
    return option.value == Value::None ? name : QString(name + u' ' + text(option.valueName));
}

bool isExclusive(const CommandSpec &command, const OptionSpec &option)
{
    return std::any_of(command.exclusive.begin(), command.exclusive.end(),
        [&](const char *name) { return std::strcmp(name, option.name) == 0; });
}

} // namespace

const std::vector<CommandSpec> &commandTable()
{
    static const std::vector<CommandSpec> table = makeTable();
    return table;
}

const std::vector<OptionSpec> &globalOptions()
{
    static const std::vector<OptionSpec> options = {
        { "home", Value::Folder, "DIR", "keep settings, registry, cache and logs below DIR" },
        { "json", Value::None, "",
            "print the result as one JSON object, and progress as JSON lines on standard error" },
        { "quiet", Value::None, "", "print errors only" },
        { "log-level", Value::Choice, "LEVEL", "how much goes to the log file: debug, info, warning, error or off",
            false, { "debug", "info", "warning", "error", "off" } },
        { "secret-store", Value::Choice, "keychain|file",
            "where secrets are kept: the system's keychain, or a file encrypted with the passphrase in "
            "MODELFLOAT_PASSPHRASE",
            false, { "keychain", "file" } },
        { "help", Value::None, "", "explain the command" },
        { "version", Value::None, "", "print the version" },
    };
    return options;
}

const CommandSpec *findCommand(const QString &name)
{
    for (const CommandSpec &command : commandTable()) {
        if (name == text(command.name))
            return &command;
    }
    return nullptr;
}

const std::vector<Explained> &exitCodes()
{
    static const std::vector<Explained> codes = {
        { "0", "done" },
        { "1", "failed" },
        { "2", "the command line was wrong" },
        { "3", "no such model, account or file" },
        { "4", "readable, but below its protection" },
        { "5", "cannot be read back" },
        { "6", "sign-in needed" },
        { "7", "not enough room, or too few failure domains" },
        { "130", "interrupted; the same command goes on where it was" },
    };
    return codes;
}

const std::vector<Explained> &environmentVariables()
{
    static const std::vector<Explained> variables = {
        { "MODELFLOAT_HOME", "the same as --home" },
        { "MODELFLOAT_CACHE_DIR", "moves the cache alone" },
        { "MODELFLOAT_PASSPHRASE", "the passphrase of --secret-store file" },
        { "MODELFLOAT_DISABLE", "kinds of accounts that this run leaves alone, such as ipfs,mega" },
    };
    return variables;
}

QString synopsisOf(const CommandSpec &command)
{
    QStringList words;
    for (const ArgumentSpec &argument : command.arguments) {
        QString word = text(argument.name);
        if (argument.value == Value::Tag)
            word = QStringLiteral("[+TAG]… [-TAG]…");
        else if (argument.required)
            word += argument.repeats ? QStringLiteral("…") : QString();
        else
            word = u'[' + word + (argument.repeats ? QStringLiteral("]…") : QStringLiteral("]"));
        words << word;
    }
    QStringList choices;
    for (const OptionSpec &option : command.options) {
        if (isExclusive(command, option))
            choices << synopsisOf(option);
    }
    for (const OptionSpec &option : command.options) {
        if (!isExclusive(command, option))
            words << u'[' + synopsisOf(option) + (option.repeats ? QStringLiteral("]…") : QStringLiteral("]"));
        else if (!choices.isEmpty())
            words << u'[' + std::exchange(choices, {}).join(QStringLiteral(" | ")) + u']';
    }
    return words.join(u' ');
}

} // namespace mf::cli
