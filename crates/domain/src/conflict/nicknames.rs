//! Short and pet forms of given names, in English, German, French, Spanish and Russian.

/// Groups of given names that one person can have: the full form first. A short form can be in several groups.
const GROUPS: &[&[&str]] = &[
    &["abigail", "abby", "gail"],
    &["albert", "al", "bert", "bertie"],
    &["alexander", "alex", "alec", "sandy", "sasha", "xander", "sascha", "aleksandr", "alessandro", "alejandro"],
    &["alexandra", "alex", "sandra", "sasha", "sandy"],
    &["alfred", "al", "alf", "fred", "freddie"],
    &["andrew", "andy", "drew", "andreas", "andre"],
    &["anna", "ann", "anne", "annie", "nancy", "anja", "anya"],
    &["anthony", "tony", "anton", "antonio"],
    &["arthur", "art", "artie"],
    &["barbara", "barb", "babs", "barbie"],
    &["benjamin", "ben", "benny", "benji"],
    &["bernard", "bernie", "bernhard", "bernd"],
    &["carolin", "caroline", "carol", "carrie", "lina"],
    &["catherine", "katherine", "kathryn", "kate", "kathy", "cathy", "katie", "kitty", "katharina", "kathrin", "katja"],
    &["charles", "charlie", "chuck", "chas", "karl", "carlos"],
    &["christine", "christina", "chris", "chrissy", "tina", "kristina"],
    &["christopher", "chris", "kit", "topher", "christoph", "stoffel"],
    &["daniel", "dan", "danny"],
    &["david", "dave", "davy"],
    &["deborah", "debbie", "deb", "debra"],
    &["dmitri", "dmitry", "dima", "mitya"],
    &["donald", "don", "donnie"],
    &["dorothy", "dot", "dottie", "dolly", "dorothea", "dora"],
    &["douglas", "doug"],
    &["edward", "ed", "eddie", "ted", "teddy", "ned", "eduard"],
    &["eleanor", "ellie", "nell", "nora", "lenore"],
    &["elizabeth", "liz", "beth", "betty", "lizzie", "eliza", "bess", "elisabeth", "elise", "lisa", "lisbeth", "sisi"],
    &["emily", "em", "millie", "emmy"],
    &["eugene", "gene", "evgeny", "evgeni", "zhenya"],
    &["ferdinand", "ferdi", "nando"],
    &["frances", "fran", "fanny", "francie", "franziska", "franzi"],
    &["francis", "frank", "frankie", "franz", "francisco", "paco", "pancho"],
    &["frederick", "fred", "freddie", "friedrich", "fritz", "fredi"],
    &["gabriel", "gabe"],
    &["geoffrey", "jeffrey", "geoff", "jeff"],
    &["george", "georgie", "georg", "jorge", "jorg", "jurgen"],
    &["gerald", "gerry", "jerry"],
    &["gerhard", "gerd", "gert"],
    &["gregory", "greg", "gregor", "grisha"],
    &["guillermo", "memo"],
    &["gunther", "guenther", "gunter", "guenter"],
    &["harold", "harry", "hal", "harald"],
    &["heinrich", "heinz", "heiner", "henry", "harry", "hank", "henri", "enrique"],
    &["helen", "nell", "nellie", "helena", "lena", "helene"],
    &["ignacio", "nacho"],
    &["isabella", "isabel", "bella", "izzy", "isabelle"],
    &["ivan", "vanya"],
    &["jacob", "jake", "jakob", "coby"],
    &["jacqueline", "jackie"],
    &["james", "jim", "jimmy", "jamie"],
    &["jennifer", "jen", "jenny"],
    &["jessica", "jess", "jessie"],
    &["joan", "joanna", "joanne", "jo", "johanna", "hanna"],
    &["johannes", "john", "jack", "johnny", "jon", "hans", "jan", "jean", "juan", "giovanni", "hannes", "johann"],
    &["jonathan", "jon", "jonny", "john"],
    &["joseph", "joe", "joey", "josef", "jose", "pepe", "sepp"],
    &["joshua", "josh"],
    &["judith", "judy", "jutta"],
    &["kenneth", "ken", "kenny"],
    &["klaus", "claus", "nicholas", "nick", "nicky", "nikolaus", "nikolai", "kolya", "nicolas", "niko", "nico"],
    &["lawrence", "larry", "laurence", "lorenz", "lenz"],
    &["leonard", "leo", "len", "lenny", "leonhard"],
    &["louis", "lou", "louie", "ludwig", "luis", "lutz", "lewis"],
    &["manuel", "manny", "manolo", "immanuel"],
    &["margaret", "maggie", "meg", "peggy", "marge", "greta", "margarete", "gretel", "grete", "margot", "rita"],
    &["martha", "marty", "patty"],
    &["martin", "marty"],
    &["mary", "maria", "marie", "molly", "polly", "mimi", "mitzi", "masha", "maren"],
    &["matthew", "matt", "matthias", "mathias", "hias"],
    &["maximilian", "max", "maxim"],
    &["michael", "mike", "mick", "mickey", "mikey", "mikhail", "misha", "miguel", "michel", "michi"],
    &["mohammed", "muhammad", "mohamed", "mohammad", "muhammed", "mehmet", "mo"],
    &["natalie", "nat", "natalia", "natasha"],
    &["nathaniel", "nathan", "nate", "nat"],
    &["oliver", "ollie", "olli"],
    &["olga", "olya"],
    &["pamela", "pam"],
    &["patricia", "pat", "patty", "tricia", "trish"],
    &["patrick", "pat", "paddy"],
    &["paul", "pablo", "pavel", "pasha", "paulus"],
    &["peter", "pete", "pyotr", "petya", "pedro", "pierre", "piet"],
    &["philip", "phillip", "phil", "philipp", "felipe"],
    &["rainer", "reiner"],
    &["raymond", "ray", "raimund"],
    &["rebecca", "becky", "becca", "rebekka"],
    &["richard", "rick", "rich", "dick", "richie", "ricky", "ricardo"],
    &["robert", "bob", "bobby", "rob", "robbie", "bert", "roberto"],
    &["roland", "rolly", "rolando"],
    &["ronald", "ron", "ronnie"],
    &["rudolf", "rudi", "rolf", "rudolph"],
    &["samantha", "sam", "sammy"],
    &["samuel", "sam", "sammy"],
    &["sebastian", "basti", "seb", "bastian"],
    &["sergei", "sergey", "seryozha", "sergio", "serge"],
    &["sigmund", "sigi", "siggi"],
    &["stephanie", "steph", "stefanie", "steffi"],
    &["stephen", "steven", "steve", "stefan", "stephan", "esteban", "etienne"],
    &["susan", "sue", "susie", "suzanne", "susanne", "susanna", "suse"],
    &["teresa", "theresa", "terry", "tess", "tessa", "therese", "resi"],
    &["theodore", "ted", "teddy", "theo", "theodor", "fyodor", "fedor"],
    &["thomas", "tom", "tommy", "tomas"],
    &["timothy", "tim", "timmy"],
    &["ulrich", "uli", "ulli"],
    &["valentin", "val"],
    &["victoria", "vicky", "vikki", "tori", "viktoria"],
    &["vincent", "vince", "vinnie", "vinzenz"],
    &["vladimir", "vova", "volodya", "wladimir"],
    &["walter", "walt", "wally", "walther"],
    &["wilhelm", "william", "bill", "billy", "will", "willy", "liam", "willi", "guillaume", "guillermo", "helmut"],
    &["wolfgang", "wolf", "wolfi"],
    &["yuri", "yury", "juri"],
    &["yusuf", "yousef", "youssef", "josef"],
    &["zachary", "zach", "zack"],
];

/// The full forms of a given name in plain Latin letters: the name itself if it is in no group.
pub(super) fn full_forms(name: &str) -> Vec<&str> {
    let groups = GROUPS.iter().filter(|group| group.contains(&name)).filter_map(|group| group.first().copied());
    let forms = groups.collect::<Vec<_>>();
    if forms.is_empty() { vec![name] } else { forms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_of_plain_letters() {
        assert!(GROUPS.iter().all(|group| group.len() > 1));
        assert!(GROUPS.iter().flat_map(|group| group.iter()).all(|name| name.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn a_short_form_has_several_full_forms() {
        assert_eq!(full_forms("sam"), ["samantha", "samuel"]);
        assert_eq!(full_forms("priya"), ["priya"]);
    }
}
